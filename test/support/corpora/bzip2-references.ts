import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import unbzip2 from 'unbzip2-stream';

/**
 * What a reference says: `whole` with the SHA-256 of what it decoded; `trailing` if all streams are whole but bytes
 * follow; `refused`; or `unknown` if it is known not to decode such input.
 */
export type Opinion =
  { readonly says: 'whole'; readonly sha256: string } | { readonly says: 'trailing' | 'refused' | 'unknown' };

/** Whether the program `bzip2` is installed. */
const hasBzip2Program = spawnSync('bzip2', ['--help']).error === undefined;

/**
 * The program `bzip2`, or {@link libbz2} if it is not installed. It ignores trailing bytes, and says so on standard
 * error.
 */
export function bzip2Program(input: Uint8Array): Opinion {
  if (!hasBzip2Program) return libbz2([input])[0]!;
  const { status, stdout, stderr } = spawnSync('bzip2', ['-dc'], { input, maxBuffer: 2 ** 30 });
  if (stderr.includes('trailing garbage')) return { says: 'trailing' };
  return status === 0 ? whole(stdout) : { says: 'refused' };
}

/** Python's bz2 module, called stream by stream, because on its own it drops a damaged second stream. */
export function libbz2(inputs: readonly Uint8Array[]): readonly Opinion[] {
  const answers = python(decodeProgram, inputs).toString().trim().split('\n');
  return inputs.map((_, index) => {
    const [says, sha256] = answers[index]!.split(' ');
    return says === 'whole' ? { says, sha256: sha256! } : { says: says as 'trailing' | 'refused' };
  });
}

/** Compresses each content at its level with the bz2 module of Python. */
export function compressAll(
  contents: readonly { readonly level: number; readonly bytes: Uint8Array }[],
): readonly Buffer[] {
  const output = python(
    compressProgram,
    contents.map(({ level, bytes }) => Buffer.concat([Buffer.of(level), bytes])),
  );
  const compressed: Buffer[] = [];
  for (let at = 0; at < output.length;) {
    const length = output.readUInt32LE(at);
    compressed.push(output.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return compressed;
}

/**
 * unbzip2-stream, given everything at once. It takes an empty input for an empty stream, and does not support
 * randomised blocks.
 */
export function unbzip2Stream(input: Uint8Array): Opinion {
  if (input.length === 0) return { says: 'unknown' };
  const stream = unbzip2();
  const pieces: Uint8Array[] = [];
  const failures: unknown[] = [];
  const seen = { end: false };
  stream.on('data', (piece: Uint8Array) => pieces.push(piece));
  stream.on('error', (error: unknown) => failures.push(error));
  stream.on('end', () => (seen.end = true));
  stream.write(Buffer.from(input));
  if (failures.length === 0) stream.end();
  if (failures.length === 0 && seen.end) return whole(Buffer.concat(pieces));
  const [failure] = failures;
  return failure instanceof Error && failure.message.includes('obsolete version')
    ? { says: 'unknown' }
    : { says: 'refused' };
}

/** Returns the SHA-256 in hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function whole(bytes: Uint8Array): Opinion {
  return { says: 'whole', sha256: sha256Of(bytes) };
}

function python(program: string, inputs: readonly Uint8Array[]): Buffer {
  const input = Buffer.concat(
    inputs.flatMap((bytes) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
  const { status, stdout, stderr, error } = spawnSync('python3', ['-c', program], { input, maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`python3 failed: ${error?.message ?? stderr.toString()}`);
  return stdout;
}

const readInputs = `
import bz2, hashlib, struct, sys
data = sys.stdin.buffer.read()
inputs = []
at = 0
while at < len(data):
    length = struct.unpack_from('<I', data, at)[0]
    inputs.append(data[at + 4:at + 4 + length])
    at += 4 + length
`;

const compressProgram = `${readInputs}
for each in inputs:
    out = bz2.compress(each[1:], each[0])
    sys.stdout.buffer.write(struct.pack('<I', len(out)) + out)
`;

const decodeProgram = `${readInputs}
def opinion(rest):
    digest = hashlib.sha256()
    streams = 0
    if not rest:
        return 'refused'
    while rest:
        header = rest[:4]
        if streams and not (b'BZh'.startswith(header) or (header[:3] == b'BZh' and header[3:] in b'123456789')):
            return 'trailing'
        decoder = bz2.BZ2Decompressor()
        try:
            digest.update(decoder.decompress(rest, 1 << 20))
            while not decoder.eof and not decoder.needs_input:
                digest.update(decoder.decompress(b'', 1 << 20))
        except OSError:
            return 'refused'
        if not decoder.eof:
            return 'refused'
        streams += 1
        rest = decoder.unused_data
    return 'whole ' + digest.hexdigest()
for each in inputs:
    print(opinion(each))
`;
