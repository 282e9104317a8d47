import { spawnSync } from 'node:child_process';
import { crc32, gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { encodeSegment } from '../../../../../src/pipeline/pack/deflate/encode-segment.js';
import { deflateLevels, segmentBytesMax } from '../../../../support/corpora/deflate-fuzz.js';
import { byteKinds, type ByteMaker } from '../../../../support/corpora/deflate-inputs.js';
import { randomNumbers } from '../../../../support/random-numbers.js';

/** Refuses a member that ends too early or is followed by anything. */
const pythonReader = `
import sys, zlib
decoder = zlib.decompressobj(31)
raw = decoder.decompress(sys.stdin.buffer.read()) + decoder.flush()
assert decoder.eof and not decoder.unused_data
sys.stdout.buffer.write(raw)
`;

/** Readers of gzip by their names; those that are not installed give nothing. */
const readers: Readonly<Record<string, (member: Buffer) => Buffer | undefined>> = {
  'Node gunzip': (member) => gunzipSync(member),
  'gzip -dc': (member) => run('gzip', ['-dc'], member),
  'python3 zlib': (member) => run('python3', ['-c', pythonReader], member),
};

it.each(deflateLevels)('makes gzip members of level %s that every installed reader reads to the end', (level) => {
  for (const [name, raw] of Object.entries(objects())) {
    const member = gzipMember(raw, level);
    const tested = spawnSync('gzip', ['-t'], { input: member });
    if (tested.error === undefined) expect([tested.status, tested.stderr.toString()], name).toEqual([0, '']);
    for (const [reader, read] of Object.entries(readers)) {
      const seen = read(member);
      if (seen !== undefined) expect(seen.equals(raw), `${name}, read by ${reader}`).toBe(true);
    }
  }
});

function objects(): Readonly<Record<string, Buffer>> {
  const make = (kind: ByteMaker, length: number): Buffer => Buffer.from(kind(randomNumbers(length), length));
  return {
    nothing: Buffer.alloc(0),
    'one byte': Buffer.of(7),
    'log lines, two segments exactly': make(byteKinds['log lines'], 2 * segmentBytesMax),
    'a segment and a byte': make(byteKinds['copies of earlier bytes'], segmentBytesMax + 1),
    'random bytes, then log lines': Buffer.concat([
      make(byteKinds.incompressible, segmentBytesMax + 100_000),
      make(byteKinds['log lines'], 1_500_000),
    ]),
    zeros: Buffer.alloc(3 * segmentBytesMax - 1),
  };
}

function gzipMember(raw: Buffer, level: (typeof deflateLevels)[number]): Buffer {
  const pieces: Uint8Array[] = [Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff)];
  let at = 0;
  for (; raw.length - at > segmentBytesMax; at += segmentBytesMax) {
    pieces.push(encodeSegment(raw.subarray(at, at + segmentBytesMax), { level, last: false }));
  }
  pieces.push(encodeSegment(raw.subarray(at), { level, last: true }));
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(raw), 0);
  trailer.writeUInt32LE(raw.length, 4);
  return Buffer.concat([...pieces, trailer]);
}

function run(program: string, options: readonly string[], input: Buffer): Buffer | undefined {
  const { error, status, stdout, stderr } = spawnSync(program, options, { input, maxBuffer: 64 * 1024 * 1024 });
  if (error !== undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  expect([error, status, stderr.toString()], program).toEqual([undefined, 0, '']);
  return stdout;
}
