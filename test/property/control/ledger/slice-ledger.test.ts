import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import type { LedgerHeader, LedgerLine } from '../../../../src/domain/stored/ledger-lines.js';
import { SliceLedger } from '../../../../src/control/ledger/slice-ledger.js';
import { MemoryControlStore } from '../../../support/fakes/memory-control-store.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';
import { smallReceipt } from '../../../support/fakes/small-receipt.js';

useScaledTime(2_000);

const key = 'ledger';
const units = 6;
const header: LedgerHeader = { type: 'header', format: 1, definition: 'd', firstUnit: 0, units, staged: 's' };
const never = new AbortController().signal;

/** An attempt as a slice drives it: claims, makes a receipt for each unit without one, flushes after some, finishes. */
async function attempt(store: MemoryControlStore, name: string, flushEvery: number, flushed: Map<number, string>) {
  const ledger = await SliceLedger.claim({
    store,
    key,
    header,
    epoch: 1,
    process: { token: randomUUID(), sawDie: () => true },
    durableParts: () => Promise.resolve(0),
    signal: never,
  });
  if (ledger.complete) return;
  const waiting: number[] = [];
  const noteFlushed = (): void => {
    for (const index of waiting.splice(0)) flushed.set(index, name);
  };
  for (let index = 0; index < units; index += 1) {
    if (ledger.has(index)) continue;
    ledger.add(smallReceipt(index, name));
    waiting.push(index);
    if (waiting.length < flushEvery) continue;
    await ledger.flush();
    noteFlushed();
  }
  await ledger.finish();
  noteFlushed();
}

function linesOf(store: MemoryControlStore): readonly LedgerLine[] {
  return gunzipSync(store.objects.get(key) ?? Buffer.alloc(0))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LedgerLine);
}

it('keeps one receipt a unit and loses no flushed one, however attempts interleave or lose replies', async () => {
  const fault = fc.option(fc.constantFrom('lose-request', 'lose-reply', 'crash'), { nil: undefined, freq: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fault, { maxLength: 25 }),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
      async (scheduler, faults, attempts) => {
        let next = 0;
        const store = new MemoryControlStore();
        store.requests.hook = async () => {
          await scheduler.schedule(Promise.resolve());
          const what = faults[next];
          next += 1;
          if (what === undefined) return undefined;
          // The reply is lost, and the attempt does not learn of it either: it ends here.
          if (what === 'crash') return { fault: 'fail', failure: new Failure('TargetForbidden', 'crash') };
          return { fault: what };
        };
        const flushed = new Map<number, string>();
        const results = attempts.map((flushEvery, number) =>
          attempt(store, `attempt-${number}`, flushEvery, flushed).then(
            () => 'ended' as const,
            (error: unknown) => error,
          ),
        );
        const ended = await scheduler.waitFor(Promise.all(results));
        for (const result of ended) {
          if (result === 'ended') continue;
          expect(result).toBeInstanceOf(Failure);
          expect((result as Failure).failureClass).toMatch(
            /^(Fenced|TargetForbidden|TargetUnknownOutcome|TargetNetwork)$/,
          );
        }
        // A last attempt, undisturbed, completes what is left.
        store.requests.hook = undefined;
        await attempt(store, 'last', 2, flushed);

        const lines = linesOf(store);
        const receipts = lines.filter((line) => line.type === 'receipt');
        expect(receipts.map(({ index }) => index).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
        for (const { index, id } of receipts) if (flushed.has(index)) expect(id).toBe(flushed.get(index));
        expect(lines.at(-1)).toMatchObject({ type: 'footer', tally: { units: { done: units } } });
        expect(lines.filter(({ type }) => type === 'footer')).toHaveLength(1);
        // Every attempt's writes are in one row of growing seq: nobody wrote after a later claim.
        const claims = lines.filter((line) => line.type === 'claim');
        const tokens = claims.map(({ token }) => token).filter((token, index, all) => token !== all[index - 1]);
        expect(new Set(tokens).size).toBe(tokens.length);
      },
    ),
    { numRuns: 200 },
  );
});
