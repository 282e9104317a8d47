import type { Probe } from '../../domain/probe.js';
import { searchAttributeTypes } from '../../workflows/messages.js';
import { noWorkersMessage } from '../migration/no-workers.js';
import { formatDuration } from '../../domain/text/format.js';
import { shellWord } from '../screen/shell-word.js';

/** Judges who polls the task queue. `version` is that of this program. */
export function judgeWorkers(identities: readonly string[], taskQueue: string, version: string): Probe {
  const probe = { id: 'temporal/workers', what: `workers on task queue ${taskQueue}` };
  if (identities.length === 0) {
    const message = noWorkersMessage(taskQueue);
    return { ...probe, verdict: 'failed', message, fix: startOne, class: 'NoWorkers' };
  }
  const builds = [...new Set(identities.map(buildOf))].sort();
  const count = `${String(identities.length)} process${identities.length === 1 ? '' : 'es'}`;
  const message = `${count} of ${builds.join(', ')}`;
  if (builds.every((build) => build === `longhaul ${version}`)) return { ...probe, verdict: 'ok', message };
  const fix = `bring all of them and this program, longhaul ${version}, to one version`;
  return { ...probe, verdict: 'warning', message, fix };
}

const startOne = 'start `longhaul-worker` with the same TEMPORAL_* and LONGHAUL_TASK_QUEUE as here';

/** Identities are as `host/42 longhaul 1.2.3 0b7c1f5e`; the last word is random. */
function buildOf(identity: string): string {
  return / (longhaul \S+)( \S+)?$/.exec(identity)?.[1] ?? 'another program';
}

/** Judges how long the namespace keeps what has closed, as the partitions of a running migration have. */
export function judgeRetention(retentionMs: number | undefined, namespace: string, neededMs: number): Probe {
  const probe = { id: 'temporal/retention', what: `retention of namespace ${namespace}` };
  if (retentionMs === undefined) {
    const fix = 'look it up where the namespace is administered';
    return { ...probe, verdict: 'unchecked', message: 'the server does not say', fix };
  }
  const message = `closed workflows are kept for ${formatDuration(retentionMs)}`;
  if (retentionMs >= neededMs) return { ...probe, verdict: 'ok', message };
  const hours = Math.ceil(neededMs / 3_600_000);
  return {
    ...probe,
    verdict: 'warning',
    message: `${message}: partitions that end early may disappear from the Web UI before the migration has ended`,
    fix: `\`temporal operator namespace update --retention ${String(hours)}h --namespace ${shellWord(namespace)}\``,
  };
}

/** Judges the search attributes of the namespace, without which the Web UI cannot list migrations by phase. */
export function judgeSearchAttributes(
  known: Readonly<Record<string, string>> | undefined,
  { namespace, address }: { readonly namespace: string; readonly address: string },
): Probe {
  const probe = { id: 'temporal/search-attributes', what: 'search attributes' };
  if (known === undefined) {
    const fix = `check that these are registered: ${Object.keys(searchAttributeTypes).join(', ')}`;
    return { ...probe, verdict: 'unchecked', message: 'the server does not list them', fix };
  }
  const missing = Object.entries(searchAttributeTypes).filter(([name, type]) => known[name] !== type);
  if (missing.length === 0) return { ...probe, verdict: 'ok', message: 'all are registered' };
  const wrong = missing.filter(([name]) => known[name] !== undefined).map(([name]) => `${name} (${known[name] ?? ''})`);
  if (wrong.length > 0) {
    const fix = 'remove them with `temporal operator search-attribute remove`, then run this check again';
    return { ...probe, verdict: 'warning', message: `of another type: ${wrong.join(', ')}`, fix };
  }
  const to = ['--address', shellWord(address), '--namespace', shellWord(namespace)].join(' ');
  return {
    ...probe,
    verdict: 'warning',
    message: `not registered: ${missing.map(([name]) => name).join(', ')}; the migration runs without them`,
    fix: (['Keyword', 'Int'] as const).flatMap((type) => createCommand(missing, type, to)).join(' and '),
  };
}

/** The command takes several names, but only one type. */
function createCommand(missing: readonly (readonly [string, string])[], type: string, to: string): readonly string[] {
  const names = missing.filter(([, each]) => each === type).map(([name]) => `--name ${name}`);
  if (names.length === 0) return [];
  return [`\`temporal operator search-attribute create ${to} --type ${type} ${names.join(' ')}\``];
}
