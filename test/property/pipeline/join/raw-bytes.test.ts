import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TransformDefinition } from '../../../../src/domain/definition.js';
import type { SourceBlob } from '../../../../src/domain/manifest.js';
import type { BlobReading } from '../../../../src/pipeline/join/blob-bytes.js';
import { ByteBudget } from '../../../../src/flow/byte-budget.js';
import { FindingsLog } from '../../../../src/domain/findings/findings-log.js';
import { rawBeginning, rawBytes, RawPositions, type RawStart } from '../../../../src/pipeline/join/raw-bytes.js';
import { cutAt, joinAll, piecesOf } from '../../../support/fakes/async-bytes.js';
import { smallDefinition } from '../../../support/fakes/memory-migration.js';

/** A blob as the test knows it: what its bytes decode to, or that they are damaged. */
interface KnownBlob {
  readonly bytes: Buffer;
  readonly text: string | undefined;
}

const text = fc.string({ unit: fc.constantFrom('a', '\n', 'b', '\r'), maxLength: 12 });
const known: fc.Arbitrary<KnownBlob> = fc.oneof(
  { weight: 3, arbitrary: text.map((t) => ({ bytes: gzipSync(t), text: t })) },
  { weight: 2, arbitrary: text.filter((t) => t !== '').map((t) => ({ bytes: Buffer.from(t), text: t })) },
  { weight: 1, arbitrary: text.map((t) => ({ bytes: gzipSync(t).subarray(0, -3), text: undefined })) },
  { weight: 1, arbitrary: fc.constant({ bytes: Buffer.alloc(0), text: undefined }) },
);

interface Run {
  readonly blobs: readonly KnownBlob[];
  readonly cuts: readonly number[];
  readonly join: TransformDefinition['join'];
  readonly start?: RawStart;
  readonly findings?: FindingsLog;
}

/** Gives raw bytes from a start on, and what knows its positions and findings. */
async function run({ blobs, cuts, join, start = rawBeginning, findings = new FindingsLog() }: Run) {
  const manifest = blobs.map((_, index): SourceBlob => {
    const place = { account: 'east', container: 'in', name: String(index) };
    return { ...place, etag: '"1"', bytes: 1, md5: null };
  });
  const open = (blob: SourceBlob) => piecesOf(cutAt(blobs[Number(blob.name)]!.bytes, cuts));
  const reading: BlobReading = {
    definition: smallDefinition({ transform: { decompress: 'auto', onCorrupt: 'skip-blob', join } }),
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
    for (const blob of manifest.slice(start.blob)) yield { blob, body: open(blob) };
  })();
  const bytes = await joinAll(rawBytes(delivered, reading, { start, positions }));
  return { text: bytes.toString(), positions, findings };
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
      async (blobs, join, cuts, at) => {
        const whole = await run({ blobs, cuts, join });
        expect(whole.text).toBe(expectedText(blobs, join));
        const skipped = blobs.flatMap((blob, index) => (blob.text === undefined ? [`east/in/${String(index)}`] : []));
        expect(whole.findings.all.skipped.map(({ blob }) => blob)).toEqual(skipped);

        const rawOffset = Math.min(at, whole.text.length);
        const position = whole.positions.at(rawOffset);
        const findings = new FindingsLog();
        findings.begin(whole.findings.before(position.blob));
        const rest = await run({ blobs, cuts, join, start: { ...position, rawBytes: rawOffset }, findings });
        expect(rest.text).toBe(whole.text.slice(rawOffset));
        expect(rest.findings.all).toEqual(whole.findings.all);
      },
    ),
    { numRuns: 300 },
  );
});
