import { randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import type { LedgerHeader } from '../../../../src/domain/stored/ledger-lines.js';
import type { Receipt } from '../../../../src/domain/receipt.js';
import { packLines, parseLedger } from '../../../../src/control/ledger/ledger-format.js';
import { flushAfterMs, flushAfterReceipts, SliceLedger } from '../../../../src/control/ledger/slice-ledger.js';
import { smallReceipt } from '../../../support/fakes/small-receipt.js';
import { MemoryControlStore } from '../../../support/fakes/memory-control-store.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

const time = useScaledTime(200);

const key = '.longhaul/orders/r0000/ledger/p0000/s0000.ndjson.gz';
const header: LedgerHeader = {
  type: 'header',
  format: 1,
  definition: 'd1',
  firstUnit: 0,
  units: 500,
  staged: 's1',
};
const never = new AbortController().signal;

const claim = (
  store: MemoryControlStore,
  changes: { readonly epoch?: number; readonly header?: LedgerHeader; readonly signal?: AbortSignal } = {},
): Promise<SliceLedger> =>
  SliceLedger.claim({
    store,
    key,
    header,
    epoch: 1,
    process: { token: randomUUID(), sawDie: () => true },
    durableParts: () => Promise.resolve(0),
    signal: never,
    ...changes,
  });

const stored = (store: MemoryControlStore) => parseLedger(store.objects.get(key) ?? Buffer.alloc(0), key);
const storedIndexes = (store: MemoryControlStore): readonly number[] => [...stored(store).receipts.keys()];

function addTo(ledger: SliceLedger, ...indexes: readonly number[]): void {
  for (const index of indexes) ledger.add(smallReceipt(index));
}

describe('a new ledger', () => {
  it('is claimed with header, epoch, token and seq 0', async () => {
    const store = new MemoryControlStore();
    const ledger = await claim(store);
    expect({ existed: ledger.existed, complete: ledger.complete }).toEqual({ existed: false, complete: false });
    const content = stored(store);
    expect(content.header).toEqual(header);
    expect(content.claim).toMatchObject({ epoch: 1, seq: 0, token: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect([content.receipts.size, content.footer]).toEqual([0, undefined]);
  });

  it('counts receipts as they are added, and writes them at the flush', async () => {
    const store = new MemoryControlStore();
    const ledger = await claim(store);
    addTo(ledger, 0, 1);
    ledger.add({ ...smallReceipt(2), state: 'failed', class: 'EmptyUnit' });
    expect(ledger.tally.units).toEqual({ done: 2, found: 0, empty: 0, failed: 1 });
    expect([ledger.has(1), ledger.has(3)]).toEqual([true, false]);
    expect(storedIndexes(store)).toEqual([]);
    await ledger.flush();
    expect(storedIndexes(store)).toEqual([0, 1, 2]);
    expect(stored(store).receipts.get(1)).toEqual(smallReceipt(1));
  });

  it('counts every write with the next seq under one token', async () => {
    const store = new MemoryControlStore();
    const ledger = await claim(store);
    const { token } = stored(store).claim;
    for (const seq of [1, 2, 3]) {
      addTo(ledger, seq);
      await ledger.flush();
      expect(stored(store).claim).toMatchObject({ token, seq });
    }
  });

  it('writes nothing when nothing waits', async () => {
    const store = new MemoryControlStore();
    const ledger = await claim(store);
    await ledger.flush();
    expect(store.requests.count('write')).toBe(1);
  });

  it('keeps what is added during a flush for the next', async () => {
    const store = new MemoryControlStore();
    const ledger = await claim(store);
    addTo(ledger, 0);
    store.requests.hook = ({ kind }) => {
      if (kind === 'write' && !ledger.has(1)) addTo(ledger, 1);
      return undefined;
    };
    await ledger.flush();
    expect(storedIndexes(store)).toEqual([0]);
    await ledger.flush();
    expect(storedIndexes(store)).toEqual([0, 1]);
  });

  it('does not take a second receipt of a unit', async () => {
    const ledger = await claim(new MemoryControlStore());
    addTo(ledger, 0);
    expect(() => addTo(ledger, 0)).toThrow(Failure);
  });

  it('is a row of gzip members that Python reads, line by line', async () => {
    const store = new MemoryControlStore();
    const ledger = await claim(store);
    addTo(ledger, 0, 1);
    await ledger.flush();
    const before = store.objects.get(key)!;
    addTo(ledger, 2);
    await ledger.flush();
    await ledger.finish();
    const bytes = store.objects.get(key)!;
    // A flush adds a member and recompresses nothing.
    expect(bytes.subarray(0, before.length).equals(before)).toBe(true);
    const program =
      'import gzip,json,sys\nlines = gzip.decompress(sys.stdin.buffer.read()).splitlines()\n' +
      'print([json.loads(l)["type"] for l in lines])';
    expect(execFileSync('python3', ['-c', program], { input: bytes }).toString().trim().replaceAll("'", '')).toBe(
      '[header, claim, claim, receipt, receipt, claim, receipt, claim, footer]',
    );
  });
});

describe('flushDue', () => {
  it('is true by count', async () => {
    const ledger = await claim(new MemoryControlStore());
    for (let index = 0; index < flushAfterReceipts; index += 1) {
      expect(ledger.flushDue).toBe(false);
      addTo(ledger, index);
    }
    expect(ledger.flushDue).toBe(true);
    await ledger.flush();
    expect(ledger.flushDue).toBe(false);
  });

  it('is true by time, but never without a receipt', async () => {
    const ledger = await claim(new MemoryControlStore());
    time.leap(flushAfterMs * 2);
    expect(ledger.flushDue).toBe(false);
    addTo(ledger, 0);
    expect(ledger.flushDue).toBe(false);
    time.leap(flushAfterMs);
    expect(ledger.flushDue).toBe(true);
  });

  it('has the bounds that are promised: 100 receipts, 15 s', () => {
    expect([flushAfterReceipts, flushAfterMs]).toEqual([100, 15_000]);
  });
});

describe('a ledger that exists', () => {
  it('reports what is finished and keeps it', async () => {
    const store = new MemoryControlStore();
    const first = await claim(store);
    addTo(first, 3, 4);
    await first.flush();
    const second = await claim(store);
    expect(second.existed).toBe(true);
    expect([3, 4, 5].map((index) => second.has(index))).toEqual([true, true, false]);
    expect(second.tally.units.done).toBe(2);
    addTo(second, 5);
    await second.flush();
    expect(storedIndexes(store)).toEqual([3, 4, 5]);
  });

  it('tells what earlier runs had done, apart from what attempts of this run have done', async () => {
    const store = new MemoryControlStore();
    const before = await claim(store, { epoch: 1 });
    addTo(before, 3, 4);
    await before.flush();
    expect(before.tally).not.toHaveProperty('beforeRun');
    const { blobs, bytes } = before.tally;
    const beforeRun = { units: 2, blobs: blobs.done, sourceBytes: bytes.source };
    const ofThisRun = await claim(store, { epoch: 2 });
    addTo(ofThisRun, 5);
    await ofThisRun.flush();
    const next = await claim(store, { epoch: 2 });
    expect(next.tally).toMatchObject({ units: { done: 3 }, beforeRun });
    await next.finish();
    expect(stored(store).footer?.tally).not.toHaveProperty('beforeRun');
    expect((await claim(store, { epoch: 3 })).tally).toMatchObject({ beforeRun: { units: 3 } });
  });

  it('fences the previous attempt, which then writes nothing', async () => {
    const store = new MemoryControlStore();
    const first = await claim(store);
    addTo(first, 0);
    const second = await claim(store);
    const bytes = store.objects.get(key)!;
    await expect(first.flush()).rejects.toMatchObject({ failureClass: 'Fenced' });
    await expect(first.finish()).rejects.toMatchObject({ failureClass: 'Fenced' });
    expect(store.objects.get(key)!.equals(bytes)).toBe(true);
    addTo(second, 0);
    await second.flush();
    expect(storedIndexes(store)).toEqual([0]);
  });

  it('that is complete returns its tally and is not claimed', async () => {
    const store = new MemoryControlStore();
    const first = await claim(store);
    addTo(first, 0, 1);
    await first.finish();
    expect(first.complete).toBe(true);
    expect(stored(store).footer?.tally).toEqual(first.tally);
    const writes = store.requests.count('write');
    const second = await claim(store);
    expect(second.complete).toBe(true);
    expect(second.tally).toEqual(first.tally);
    expect(store.requests.count('write')).toBe(writes);
  });

  it.each([
    ['definition', 'd2'],
    ['staged', 's2'],
    ['firstUnit', 500],
    ['units', 499],
  ] as const)('of another %s is a mismatch and is not touched', async (field, value) => {
    const store = new MemoryControlStore();
    await claim(store);
    const bytes = store.objects.get(key)!;
    await expect(claim(store, { header: { ...header, [field]: value } })).rejects.toMatchObject({
      failureClass: 'LedgerMismatch',
      message: expect.stringContaining(field),
    });
    expect(store.objects.get(key)!.equals(bytes)).toBe(true);
  });

  it.each([
    ['not gzip', Buffer.from('text')],
    ['gzip of something else', gzipSync('not json\n')],
    ['empty', Buffer.alloc(0)],
    ['without a header', packLines([{ type: 'claim', epoch: 1, token: 't', seq: 0, at: '' }])],
    ['without a claim', packLines([header])],
    ['cut', gzipSync(JSON.stringify(header) + '\n').subarray(0, -6)],
  ])('that is %s is a mismatch and is not touched', async (_, bytes) => {
    const store = new MemoryControlStore();
    store.objects.set(key, Buffer.from(bytes));
    await expect(claim(store)).rejects.toMatchObject({ failureClass: 'LedgerMismatch' });
    expect(store.requests.count('write')).toBe(0);
  });

  it('of a newer format is left alone, retryably', async () => {
    const store = new MemoryControlStore();
    store.objects.set(
      key,
      Buffer.from(
        packLines([
          { ...header, format: 2 },
          { type: 'claim', epoch: 1, token: 't', seq: 0, at: '' },
        ]),
      ),
    );
    await expect(claim(store)).rejects.toMatchObject({ failureClass: 'FormatTooNew', row: { retry: 'after' } });
    expect(store.requests.count('write')).toBe(0);
  });

  it('of a higher epoch ends the claim of a lower one', async () => {
    const store = new MemoryControlStore();
    await claim(store, { epoch: 2 });
    await expect(claim(store, { epoch: 1 })).rejects.toMatchObject({ failureClass: 'Superseded' });
    expect(stored(store).claim.epoch).toBe(2);
  });

  it('that a higher epoch claims meanwhile ends the attempt as superseded, not only fenced', async () => {
    const store = new MemoryControlStore();
    const old = await claim(store, { epoch: 1 });
    addTo(old, 0);
    await claim(store, { epoch: 2 });
    await expect(old.flush()).rejects.toMatchObject({ failureClass: 'Superseded' });
    expect(storedIndexes(store)).toEqual([]);
  });

  it('that vanishes is lost and is not written again', async () => {
    const store = new MemoryControlStore();
    const ledger = await claim(store);
    addTo(ledger, 0);
    store.objects.delete(key);
    await expect(ledger.flush()).rejects.toMatchObject({ failureClass: 'LedgerLost' });
    expect(store.objects.size).toBe(0);
  });
});

describe('a write whose reply is lost', () => {
  it.each(['lose-request', 'lose-reply'] as const)('is settled by reading back: %s', async (fault) => {
    const store = new MemoryControlStore();
    let lost = 0;
    store.requests.hook = ({ kind, count }) => {
      if (kind !== 'write' || count % 2 === 1) return undefined;
      lost += 1;
      return { fault };
    };
    const ledger = await claim(store);
    addTo(ledger, 0);
    await ledger.flush();
    addTo(ledger, 1);
    await ledger.flush();
    await ledger.finish();
    expect(lost).toBeGreaterThanOrEqual(2);
    expect(storedIndexes(store)).toEqual([0, 1]);
    expect(stored(store).footer?.tally.units.done).toBe(2);
  });

  it('and carried out while the reads fail is settled by the next flush: each receipt is there once', async () => {
    const store = new MemoryControlStore();
    const ledger = await claim(store);
    addTo(ledger, 0);
    store.requests.hook = ({ kind }) =>
      kind === 'write' ? { fault: 'lose-reply' } : { fault: 'fail', failure: new Failure('TargetForbidden', 'no') };
    await expect(ledger.flush()).rejects.toMatchObject({ failureClass: 'TargetForbidden' });
    store.requests.hook = undefined;
    addTo(ledger, 1);
    await ledger.flush();
    expect(receiptLines(store)).toEqual([0, 1]);
    await ledger.finish();
    expect(stored(store).footer?.tally.units.done).toBe(2);
  });

  it('and never settled fails as unknown, and what waited still waits', async () => {
    const store = new MemoryControlStore();
    const ledger = await claim(store);
    addTo(ledger, 0);
    store.requests.hook = ({ kind }) => (kind === 'write' ? { fault: 'lose-request' } : undefined);
    await expect(ledger.flush()).rejects.toMatchObject({ failureClass: 'TargetUnknownOutcome' });
    store.requests.hook = undefined;
    await ledger.flush();
    expect(storedIndexes(store)).toEqual([0]);
  });
});

describe('an abort', () => {
  it('ends a flush with its reason, and a flush with another signal continues', async () => {
    const store = new MemoryControlStore();
    const controller = new AbortController();
    const reason = new Error('shutdown');
    const ledger = await claim(store, { signal: controller.signal });
    addTo(ledger, 0);
    store.requests.hook = ({ kind }) => {
      if (kind === 'write') controller.abort(reason);
      return undefined;
    };
    await expect(ledger.flush()).rejects.toBe(reason);
    store.requests.hook = undefined;
    await ledger.flush(never);
    expect(storedIndexes(store)).toEqual([0]);
  });
});

/** Indexes of all receipt lines, repeats included. */
function receiptLines(store: MemoryControlStore): readonly number[] {
  const program = 'import gzip,sys\nsys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))';
  const lines = execFileSync('python3', ['-c', program], { input: store.objects.get(key) })
    .toString()
    .trim()
    .split('\n');
  return lines
    .map((line) => JSON.parse(line) as { type: string } & Receipt)
    .filter(({ type }) => type === 'receipt')
    .map(({ index }) => index);
}
