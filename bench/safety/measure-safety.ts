import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { writeLogLines } from '../../src/local/demo-data/write-log-lines.js';
import { checkSegment } from '../../src/pipeline/pack/deflate/check-segment.js';
import { encodeSegment } from '../../src/pipeline/pack/deflate/encode-segment.js';
import { RawDigest } from '../../src/pipeline/pack/raw-digest.js';
import { SignV4 } from '../../src/stores/s3/lean/sign-v4.js';
import { MemoryMigration } from '../../test/support/fakes/memory-migration.js';
import { MemoryProcess } from '../../test/support/fakes/memory-process.js';

const blobsPerUnit = 10;
const [blobBytes, rawBlobBytes] = [10_000, 100_000];

/** Returns a row for each safety: what it is, and the least CPU time that it took for a blob. */
export async function measureSafety(rounds: number): Promise<readonly (readonly string[])[]> {
  const content = { account: 'east', name: 'blob', region: 'eu', day: '01', dense: false } as const;
  const unit = writeLogLines(
    { seed: 1, units: 1 },
    { tenant: 'bench', month: '2024-01' },
    { ...content, rawBytes: blobsPerUnit * rawBlobBytes },
  );
  const raw = unit.subarray(0, blobsPerUnit * rawBlobBytes);
  const body = raw.subarray(0, blobBytes);
  const deflated = encodeSegment(raw, { level: 'standard', last: true });
  const signal = new AbortController().signal;
  const signed = (more: readonly (readonly [string, string])[]) => {
    new SignV4().authorization({ accessKeyId: 'a', secretAccessKey: 'b' }, { ...request, headers: more });
  };
  const of = (what: string, perUnit: boolean, work: () => unknown): readonly [string, number] => [
    what,
    leastMicros(rounds, work) / (perUnit ? blobsPerUnit : 1),
  ];
  const rows = [
    of('MD5 of a blob; to compare its length costs nothing', false, () =>
      createHash('md5').update(body).digest('base64'),
    ),
    of('SHA-256, CRC-32 and length of the raw bytes', true, () => {
      const digest = RawDigest.once();
      digest.update(raw);
      return digest.finish();
    }),
    of('check of every encoded segment', true, () => checkSegment(deflated, raw, { last: true })),
    of('CRC-32 of an object, which the store compares', true, () => crc32(deflated)),
    of('SHA-256 of an object, which its signature covers', true, () => createHash('sha256').update(deflated).digest()),
    of('condition of a put, and its signature without it', true, () => signed([['if-none-match', '*']])),
    of('the same signature alone', true, () => signed([])),
    of('idle timeouts and the end by a signal, of one request', false, () => {
      const ignore = (): void => undefined;
      const head = setTimeout(ignore, 60_000);
      signal.addEventListener('abort', ignore);
      clearTimeout(head);
      const rest = setTimeout(ignore, 30_000);
      rest.refresh();
      clearTimeout(rest);
      signal.removeEventListener('abort', ignore);
    }),
    ['ledger, heartbeats, receipts: a slice of units without blobs', await emptyUnitMicros(rounds)] as const,
  ];
  return rows.map(([what, micros]) => [what, micros.toFixed(1)]);
}

const request = {
  ...{ method: 'PUT', path: '/archive/objects/a.gz', query: [], payloadSha256: '0'.repeat(64) },
  ...{ region: 'us-east-1', time: '20260131T235959Z' },
} as const;

/** Returns the CPU time of one call, in microseconds: the least of some rounds, each of many calls. */
function leastMicros(rounds: number, work: () => unknown): number {
  const calls = 200;
  const each = Array.from({ length: rounds + 1 }, () => {
    const before = process.cpuUsage();
    for (let call = 0; call < calls; call += 1) work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / calls;
  });
  return Math.min(...each.slice(1));
}

/** Returns what a unit with nothing to move costs: only its place in slice and ledger is left. */
async function emptyUnitMicros(rounds: number): Promise<number> {
  const units = 1_000;
  const each: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const migration = new MemoryMigration({ units, lookups: () => [] });
    const definition = { ...migration.resources.record.definition, whenEmpty: 'skip' as const };
    const record = { ...migration.resources.record, definition };
    const before = process.cpuUsage();
    const result = await new MemoryProcess({}).move(migration, { resources: { ...migration.resources, record } });
    const { user, system } = process.cpuUsage(before);
    if (result.state !== 'complete') throw new Error(`the slice ended as ${JSON.stringify(result)}`);
    each.push((user + system) / units / blobsPerUnit);
  }
  return Math.min(...each.slice(1));
}
