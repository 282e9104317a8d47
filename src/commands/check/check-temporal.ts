import type { Probe } from '../../domain/probe.js';
import type { CheckInput, CheckResult } from '../../workflows/messages.js';
import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';
import { ownRoot } from '../migration/own-root.js';
import type { MigrationFile } from '../migration/read-migration-file.js';
import type { CommandContext } from '../ports/context.js';
import type { TemporalPort } from '../ports/temporal-port.js';
import { judgeRetention, judgeSearchAttributes, judgeWorkers } from './judge-temporal.js';

/** What Temporal and a worker have answered. */
export interface TemporalAnswers {
  /** How many worker processes poll the task queue. */
  readonly processes: number;
  /** What the worker has found; undefined if none could be asked. */
  readonly onWorker: CheckResult | undefined;
  /** Why there is nothing from a worker. */
  readonly whyNot: string;
  /** Judges the answers. `neededMs` is how long the retention, for example, should last. */
  judge(neededMs: number): readonly Probe[];
}

/** Asks Temporal about itself, and has a worker look at the accounts and the target. */
export async function checkTemporal(
  context: CommandContext,
  file: MigrationFile,
  input: CheckInput,
): Promise<TemporalAnswers> {
  const server = { id: 'temporal/server', what: 'Temporal' };
  const [connected] = await Promise.allSettled([context.connectTemporal(context.environment)]);
  if (connected.status === 'rejected') {
    const failed = unreached(server, connected.reason);
    return { processes: 0, onWorker: undefined, whyNot: 'Temporal cannot be reached', judge: () => [failed] };
  }
  const temporal = connected.value;
  try {
    return await askEverything(context, { file, temporal, input });
  } finally {
    await temporal.close();
  }
}

async function askEverything(
  context: CommandContext,
  {
    file,
    temporal,
    input,
  }: { readonly file: MigrationFile; readonly temporal: TemporalPort; readonly input: CheckInput },
): Promise<TemporalAnswers> {
  const { checks, address, namespace, taskQueue } = temporal;
  const { name } = file.definition;
  const [version, retention, attributes, workers, root] = await Promise.allSettled([
    checks.serverVersion(),
    checks.retentionMs(),
    checks.searchAttributes(),
    checks.workers(),
    ownRoot(context, file, temporal),
  ]);
  const processes = workers.status === 'fulfilled' ? workers.value.length : 0;
  const outcome =
    processes === 0 ? { unknown: 'no worker is there to look' } : await checks.runCheck(name, input, context.signal);
  const judge = (neededMs: number): readonly Probe[] => [
    judged({ id: 'temporal/server', what: `Temporal at ${address}` }, version, (value) => ({
      ...{ id: 'temporal/server', what: `Temporal at ${address}`, verdict: 'ok' },
      message: `it answers${value === undefined ? '' : `; version ${value}`}`,
    })),
    judged({ id: 'temporal/retention', what: `namespace ${namespace}` }, retention, (value) =>
      judgeRetention(value, namespace, neededMs),
    ),
    judged({ id: 'temporal/search-attributes', what: 'search attributes' }, attributes, (value) =>
      judgeSearchAttributes(value, { namespace, address }),
    ),
    judged({ id: 'temporal/name', what: `the name ${name}` }, root, (value) => ({
      ...{ id: 'temporal/name', what: `the name ${name}`, verdict: 'ok' },
      message: value === undefined ? 'no migration has it' : `it is that of this migration, which is ${value.state}`,
    })),
    judged({ id: 'temporal/workers', what: `workers on task queue ${taskQueue}` }, workers, (value) =>
      judgeWorkers(value, taskQueue, context.version),
    ),
  ];
  return {
    ...{ processes, judge },
    onWorker: 'result' in outcome ? outcome.result : undefined,
    whyNot: 'unknown' in outcome ? outcome.unknown : '',
  };
}

function judged<T>(
  probe: Pick<Probe, 'id' | 'what'>,
  answer: PromiseSettledResult<T>,
  judge: (value: T) => Probe,
): Probe {
  return answer.status === 'rejected' ? unreached(probe, answer.reason) : judge(answer.value);
}

function unreached(probe: Pick<Probe, 'id' | 'what'>, error: unknown): Probe {
  if (!(error instanceof CommandError)) throw error;
  const { message, next, exitStatus: status } = error;
  return {
    ...{ ...probe, verdict: 'failed', message },
    ...(next !== undefined && { fix: next }),
    ...(status === exitStatus.usage && { class: 'ConfigError' }),
  };
}
