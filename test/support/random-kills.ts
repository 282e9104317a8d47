import type { SharedStack } from './e2e-stack.js';
import type { GeneratedMigration } from './generated-migration.js';
import { killWorker } from './kill-workers.js';
import { ledgerWrites } from './ledger-writes.js';
import type { ProxiedStores } from './proxied-stores.js';
import { pick, upTo, type RandomNumbers } from './random-numbers.js';
import { bringUpAgain, partPid, type StackPart } from './stack-parts.js';
import { until } from './until.js';

/** A random choice: what dies, once so many units are stored, at which request after that. */
export interface KillChoice {
  readonly parts: readonly Exclude<StackPart, 'azurite'>[];
  readonly afterUnits: number;
  readonly furtherRequests: number;
}

/** A kill that was carried out; times are of `performance.now()`. */
export interface Kill extends KillChoice {
  readonly atMs: number;
  /** When everything was proven to be up again. */
  readonly upMs: number;
}

const ways: readonly KillChoice['parts'][] = [['workers'], ['temporal'], ['s3'], ['workers', 'temporal']];

/** Chooses what dies and when, spread over the whole run; each way of dying comes at least once where there are four kills or more. */
export function chooseKills(random: RandomNumbers, count: number, units: number): readonly KillChoice[] {
  const order = Array.from({ length: count }, (_unused, index) => ways[index] ?? pick(random, ways));
  const shuffled: KillChoice['parts'][] = [];
  while (order.length > 0) shuffled.push(...order.splice(upTo(random, order.length), 1));
  return shuffled.map((parts, index) => ({
    parts,
    afterUnits: Math.floor(((index + 0.5 + random() * 0.5) * units) / (count + 1)),
    furtherRequests: upTo(random, 40),
  }));
}

/**
 * Carries out the kills, each with `kill -9` at the arrival of a request, and brings up again what died. The last units before the next
 * kill are held back until it is due, so that every kill falls into the running migration.
 */
export async function carryOutKills(
  { stack, stores, migration }: { stack: SharedStack; stores: ProxiedStores; migration: GeneratedMigration },
  choices: readonly KillChoice[],
): Promise<readonly Kill[]> {
  const kills: Kill[] = [];
  const stored = new Set<string>();
  let gate = openGate();
  let ceiling = Number.POSITIVE_INFINITY;
  stores.target.plan = ({ kind, path }) => {
    const publishes = kind === 'put object' || kind === 'complete upload';
    if (!publishes || !path.startsWith(`/${migration.bucket}/`) || stored.has(path)) return undefined;
    if (stored.size < ceiling) {
      stored.add(path);
      return undefined;
    }
    // Counted when it is let through: its client may not send it again.
    return { kind: 'hold', until: gate.opened.then(() => void stored.add(path)) };
  };
  for (const [index, choice] of choices.entries()) {
    const pids = await Promise.all(choice.parts.map(async (part) => ({ part, pid: await partPid(stack, part) })));
    let left = choice.furtherRequests;
    let atMs: number | undefined;
    stores.onArrival = () => {
      if (atMs !== undefined || stored.size < choice.afterUnits) return;
      left -= 1;
      if (left >= 0) return;
      for (const { part, pid } of pids) {
        if (part === 'workers') killWorker(pid);
        else process.kill(pid, 'SIGKILL');
      }
      atMs = performance.now();
      ceiling = (choices[index + 1]?.afterUnits ?? Number.POSITIVE_INFINITY) - 1;
      gate = openGate();
    };
    ceiling = Number.POSITIVE_INFINITY;
    gate.open();
    await until(`kill ${String(index)}: ${JSON.stringify(choice)}`, () => atMs !== undefined, 120_000);
    await bringUpAgain(stack);
    kills.push({ ...choice, atMs: atMs ?? 0, upMs: performance.now() });
  }
  return kills;
}

/** Tells what each kill cost, one line each. */
export function describeKills(kills: readonly Kill[], stores: ProxiedStores): readonly string[] {
  const { requests } = stores;
  const writes = ledgerWrites(requests);
  return kills.map(({ parts, atMs, upMs }, index) => {
    const untilMs = kills[index + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : ((ms - atMs) / 1_000).toFixed(1));
    const open = new Set<string>();
    for (const { ledger, kind, acceptedMs } of writes) {
      if (acceptedMs > atMs) break;
      if (kind === 'close') open.delete(ledger);
      else open.add(ledger);
    }
    const later = writes.filter(({ arrivedMs }) => arrivedMs > atMs && arrivedMs < untilMs);
    const claims = later.filter(({ kind }) => kind === 'claim');
    const looked = requests.filter(
      ({ kind, arrivedMs }) => kind === 'look up object' && arrivedMs > atMs && arrivedMs < untilMs,
    );
    // What a dead worker had sent may still arrive: its successor's objects come after a claim.
    const afterMs = parts.includes('workers') ? claims[0]?.acceptedMs : atMs;
    const stored = requests.find(
      ({ kind, status, arrivedMs }) =>
        kind === 'put object' && status === 200 && afterMs !== undefined && arrivedMs > afterMs,
    );
    return [
      `${parts.join(' and ')}: up after ${seconds(upMs)} s`,
      `next claim ${seconds(claims[0]?.acceptedMs)} s`,
      `interrupted slice claimed ${seconds(claims.find(({ ledger }) => open.has(ledger))?.acceptedMs)} s`,
      `next object ${seconds(stored?.repliedMs)} s`,
      `${String(open.size)} slices open, ${String(looked.length)} HEADs`,
    ].join('; ');
  });
}

interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

function openGate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
