import { expect } from 'vitest';
import type { ProxiedRequest } from './fault-proxy.js';
import type { GeneratedMigration } from '../migrations/generated-migration.js';
import { killAtRequest, type MortalPart } from './kill-at-request.js';
import { ledgerWrites } from './ledger-writes.js';
import { runLonghaulJson } from '../programs/longhaul-program.js';
import { PutGate } from './put-gate.js';
import { pick, upTo, type RandomNumbers } from '../random-numbers.js';
import { unitsInFlightMax } from '../migrations/soon-noticed.js';
import { bringUpAgain } from '../servers/stack-parts.js';
import type { ProxiedStack } from '../servers/use-proxied-stack.js';

/** A random choice: what dies, after how many stored units, and at which request after that. */
export interface KillChoice {
  readonly parts: readonly MortalPart[];
  readonly afterUnits: number;
  readonly furtherRequests: number;
}

/** A kill that was carried out. Times are from `performance.now()`. */
export interface Kill extends KillChoice {
  readonly atMs: number;
  /** When everything was up again. */
  readonly upMs: number;
  /** The units that `status` reported at that moment. */
  readonly shown: Status['units'];
}

const ways: readonly KillChoice['parts'][] = [['workers'], ['temporal'], ['s3'], ['workers', 'temporal']];

/**
 * Chooses what dies and when, spread over the whole run. With four or more kills, each way of dying occurs at least
 * once. More units remain after the last kill than can be in flight, so that others begin after it and it comes due.
 */
export function chooseKills(random: RandomNumbers, count: number, units: number): readonly KillChoice[] {
  const spread = units - unitsInFlightMax - unitsToBegin;
  const order = Array.from({ length: count }, (_unused, index) => ways[index] ?? pick(random, ways));
  const shuffled: KillChoice['parts'][] = [];
  while (order.length > 0) shuffled.push(...order.splice(upTo(random, order.length), 1));
  return shuffled.map((parts, index) => ({
    parts,
    afterUnits: Math.floor(((index + 0.5 + random() * 0.5) * spread) / count),
    furtherRequests: upTo(random, furtherRequestsMax),
  }));
}

const furtherRequestsMax = 40;
// Each of them makes at least three requests: it lists, reads and puts.
const unitsToBegin = 18;

interface Status {
  readonly units: { readonly total: number; readonly done: number };
}

/**
 * Carries out the kills, each with `kill -9` at the arrival of a request, and restarts what died. The last units before
 * the next kill are held back until it is due, so that every kill hits the running migration.
 */
export async function carryOutKills(
  { stack, stores }: Pick<ProxiedStack, 'stack' | 'stores'>,
  migration: GeneratedMigration,
  choices: readonly KillChoice[],
): Promise<readonly Kill[]> {
  const kills: Kill[] = [];
  const gate = new PutGate(stores, migration);
  for (const [index, choice] of choices.entries()) {
    const next = choices[index + 1]?.afterUnits ?? Number.POSITIVE_INFINITY;
    let left = choice.furtherRequests;
    const atMs = await killAtRequest(
      { stack, stores },
      choice.parts,
      () => {
        if (gate.stored >= choice.afterUnits) left -= 1;
        if (left >= 0) return false;
        gate.holdFrom(next - 1);
        return true;
      },
      () => gate.release(),
    );
    await bringUpAgain(stack);
    const upMs = performance.now();
    const { document } = await runLonghaulJson<Status>(['status', migration.name], stack.environment);
    kills.push({ ...choice, atMs, upMs, shown: document.units });
  }
  return kills;
}

/** Expects that `status` named the same total after every kill, and never fewer units than after the one before. */
export function expectSteadyFigures(kills: readonly Kill[], units: number): void {
  expect(
    kills.map(({ shown }) => shown.total),
    'the total never moves',
  ).toEqual(kills.map(() => units));
  const done = kills.map(({ shown }) => shown.done);
  expect(done, 'figures never go down').toEqual(done.toSorted((a, b) => a - b));
}

/** Describes what each kill cost, one line each. */
export function describeKills(kills: readonly Kill[], requests: readonly ProxiedRequest[]): readonly string[] {
  const writes = ledgerWrites(requests);
  return kills.map(({ parts, atMs, upMs, shown }, index) => {
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
    // Requests of a dead worker may still arrive. Its successor writes objects only after a claim.
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
      `${String(open.size)} slices open, ${String(looked.length)} HEADs, ${String(shown.done)} units shown as done`,
    ].join('; ');
  });
}
