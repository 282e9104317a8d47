import type { Receipt } from '../../../../src/domain/receipt.js';
import { randomNumbers } from '../../../support/random-numbers.js';
import { blobsOf, done, failed } from '../run-over-rounds.js';

const beganMs = Date.parse('2026-01-01T20:00:00.000Z');

/**
 * Returns the receipts of two rounds: `units` units within six hours, of which every 40th has failed, some were
 * throttled and one has a name that is HTML; and a retry of those that failed, an hour later.
 */
export function sampleRounds(units: number): readonly (readonly Receipt[])[] {
  const random = randomNumbers(7);
  const first = Array.from({ length: units }, (_, index) => {
    const atMs = beganMs + (index / units) * 6 * 3_600_000 + random() * 60_000;
    const source = Math.round(10 ** (3 + random() * 6));
    const ms = Math.round(500 + source / 50_000 + random() * 4_000);
    const isThrottled = index % 17 === 0;
    const took = { ms, ...(isThrottled && { retries: { SourceThrottled: 1 + (index % 5), TargetNetwork: 1 } }) };
    const more = { id: idOf(index), key: `orders/${idOf(index)}.gz`, at: new Date(atMs).toISOString(), took };
    const blobs = 1 + (index % 31);
    const bytes = { source, raw: source * 18, target: Math.round(source * 1.2) };
    if (index % 40 !== 1) return done(index, { ...more, blobs, bytes, notes: ['no MD5 at the source for some blobs'] });
    return failed(index, { ...more, blobs, bytes: { source, raw: 0, target: 0 }, manifest: blobsOf('a') });
  });
  const retried = first
    .filter(({ state }) => state === 'failed')
    .map((receipt, position) => {
      const at = new Date(beganMs + 6.5 * 3_600_000 + position * 1_000).toISOString();
      if (position % 2 === 0) return { ...receipt, earlier: 'failed' as const, at };
      return done(receipt.index, { id: receipt.id, key: receipt.key, earlier: 'failed', at, took: { ms: 700 } });
    });
  return [first, retried];
}

function idOf(index: number): string {
  if (index === 1) return `<img src=x onerror=alert(1)> & "quoted" 'unit'`;
  return `tenant-${String(index % 13)}/2019-${String((index % 12) + 1).padStart(2, '0')}/${String(index)}`;
}

/** When the rounds of {@link sampleRounds} were staged, began and ended. */
export const sampleTime = {
  ...{ stagedAt: '2026-01-01T19:59:00.000Z', startedAt: '2026-01-01T20:00:00.000Z' },
  endedAt: '2026-01-02T02:40:00.000Z',
};
