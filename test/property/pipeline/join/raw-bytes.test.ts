import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TransformDefinition } from '../../../../src/domain/definition.js';
import type { SourceBlob } from '../../../../src/domain/manifest.js';
import type { BlobReading } from '../../../../src/pipeline/join/blob-bytes.js';
import { ByteBudget } from '../../../../src/flow/byte-budget.js';
import { FindingsLog } from '../../../../src/domain/findings/findings-log.js';
import { rawBeginning, rawBytes, RawPositions, type RawStart } from '../../../../src/pipeline/join/raw-bytes.js';
import { writeStream } from '../../../support/corpora/bzip2-writer.js';
import { cutAt, piecesOf } from '../../../support/fakes/async-bytes.js';
import { smallDefinition } from '../../../support/fakes/memory-migration.js';

/** A blob as the test knows it: what its bytes decode to, or that they are damaged. */
interface KnownBlob {
  readonly bytes: Buffer;
  readonly text: string | undefined;
}

const bzip2Of = (t: string): Buffer => writeStream(1, t === '' ? [] : [{ content: Buffer.from(t) }]);
const text = fc.string({ unit: fc.constantFrom('a', '\n', 'b', '\r'), maxLength: 12 });
const known: fc.Arbitrary<KnownBlob> = fc.oneof(
  { weight: 3, arbitrary: text.map((t) => ({ bytes: gzipSync(t), text: t })) },
  { weight: 2, arbitrary: text.filter((t) => t !== '').map((t) => ({ bytes: Buffer.from(t), text: t })) },
  { weight: 3, arbitrary: text.map((t) => ({ bytes: bzip2Of(t), text: t })) },
  { weight: 1, arbitrary: text.map((t) => ({ bytes: gzipSync(t).subarray(0, -3), text: undefined })) },
  { weight: 1, arbitrary: text.map((t) => ({ bytes: bzip2Of(t).subarray(0, -3), text: undefined })) },
  { weight: 1, arbitrary: fc.constant({ bytes: Buffer.alloc(0), text: undefined }) },
);

interface Run {
  readonly blobs: readonly KnownBlob[];
  readonly cuts: readonly number[];
  readonly join: TransformDefinition['join'];
  /** Whether the bodies come whole, as those of small blobs do. */
  readonly atOnce: boolean;
  readonly start?: RawStart;
  readonly findings?: FindingsLog;
}

/** Returns raw bytes from a start on, and the object that knows their positions and findings. */
async function run({ blobs, cuts, join, atOnce, start = rawBeginning, findings = new FindingsLog() }: Run) {
  const manifest = blobs.map((_, index): SourceBlob => {
    const place = { account: 'east', container: 'in', name: String(index) };
    return { ...place, etag: '"1"', bytes: 1, md5: null };
  });
  const open = (blob: SourceBlob) => piecesOf(cutAt(blobs[Number(blob.name)]!.bytes, cuts));
  const onCorrupt = blobs.every(({ text: each }) => each !== undefined) ? 'fail' : 'skip-blob';
  const reading: BlobReading = {
    definition: smallDefinition({ transform: { decompress: 'auto', onCorrupt, join } }),
    source: {
      open,
      listPage: () => Promise.resolve({ blobs: [], next: undefined }),
      head: () => Promise.resolve(undefined),
    },
    ahead: new ByteBudget(0),
    findings,
    moved: () => undefined,
    signal: new AbortController().signal,
  };
  const positions = new RawPositions();
  const delivered = (async function* () {
    for (const blob of manifest.slice(start.blob))
      yield { blob, body: open(blob), ...(atOnce && { whole: blobs[Number(blob.name)]!.bytes }) };
  })();
  let joined = '';
  // A piece is valid until the next one is asked for.
  for await (const piece of rawBytes(delivered, reading, { start, positions })) joined += Buffer.from(piece).toString();
  return { text: joined, positions, findings };
}

function expectedText(blobs: readonly KnownBlob[], join: TransformDefinition['join']): string {
  const texts = blobs.map(({ text: each = '' }) => each);
  return texts.map((each) => (join === 'lines' && each !== '' && !each.endsWith('\n') ? `${each}\n` : each)).join('');
}

it('joins the whole blobs as the transform says, however they are cut, and resumes from any position', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(known, { minLength: 1, maxLength: 8 })
        .filter((blobs) => blobs.some(({ text: each }) => each !== undefined)),
      fc.constantFrom('concat', 'lines'),
      fc.array(fc.nat(40), { maxLength: 6 }),
      fc.nat(120),
      fc.boolean(),
      async (blobs, join, cuts, at, atOnce) => {
        const whole = await run({ blobs, cuts, join, atOnce });
        expect(whole.text).toBe(expectedText(blobs, join));
        const skipped = blobs.flatMap((blob, index) => (blob.text === undefined ? [`east/in/${String(index)}`] : []));
        expect(whole.findings.all.skipped.map(({ blob }) => blob)).toEqual(skipped);

        const rawOffset = Math.min(at, whole.text.length);
        const position = whole.positions.at(rawOffset);
        const findings = new FindingsLog();
        findings.begin(whole.findings.before(position.blob));
        const rest = await run({ blobs, cuts, join, atOnce, start: { ...position, rawBytes: rawOffset }, findings });
        expect(rest.text).toBe(whole.text.slice(rawOffset));
        expect(rest.findings.all).toEqual(whole.findings.all);
      },
    ),
    { numRuns: 300 },
  );
});
