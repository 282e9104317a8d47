#!/usr/bin/env node
/**
 * Measures the bzip2 decoder of a build beside C libbz2 (Python's bz2 module) and unbzip2-stream, in decoded MB per second of user CPU:
 * 10 KB blobs of JSON logs, one large file of them, and incompressible data. `node bench/codec/bzip2-decoder.mjs [rounds]`
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import unbzip2 from 'unbzip2-stream';
import { decodeBzip2 } from '../../dist/pipeline/bzip2/decode-bzip2.js';

const rounds = Number(process.argv[2] ?? 3);
const folder = mkdtempSync(join(tmpdir(), 'longhaul-bench-'));
const kinds = ['blobs', 'large', 'random'];
const limits = { blobBytes: 2 ** 40, expansion: 1e9 };

try {
  python('generate');
  const [blobs = [], large = [], random = []] = kinds.map((kind) => splitBlobs(readFileSync(join(folder, kind))));
  const mean = blobs.reduce((sum, { length }) => sum + length, 0) / blobs.length;
  process.stdout.write(
    `${blobs.length} blobs of ${Math.round(mean)} bytes; MB/s by user CPU, and the ratio to libbz2\n`,
  );
  for (let round = 1; round <= rounds; round += 1) {
    const libbz2 = python('decode').trim().split('\n').map(Number);
    const ours = [
      await measure(throughOurs, blobs),
      await measure(throughOurs, large),
      await measure(throughOurs, random),
    ];
    print(round, 'libbz2', libbz2, libbz2);
    print(round, 'longhaul', ours, libbz2);
    // The slow one only on blobs, and only on some of them.
    print(round, 'unbzip2-stream', [await measure(throughUnbzip2, blobs.slice(0, 200))], libbz2);
  }
  const [one = Buffer.alloc(0)] = large;
  process.stdout.write(`longest stall of the event loop, large file: ${(await longestStallMs(one)).toFixed(1)} ms\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * @param {number} round
 * @param {string} name
 * @param {readonly number[]} speeds
 * @param {readonly number[]} libbz2
 */
function print(round, name, speeds, libbz2) {
  const cells = speeds.map((speed, index) => {
    const ratio = speed / (libbz2[index] ?? Number.NaN);
    return `${kinds[index] ?? ''} ${speed.toFixed(1)} (${ratio.toFixed(2)} ×)`;
  });
  process.stdout.write(`round ${round}  ${name.padEnd(15)} ${cells.join('  ')}\n`);
}

/**
 * @param {(blob: Buffer) => Promise<number>} decode
 * @param {readonly Buffer[]} blobs
 */
async function measure(decode, blobs) {
  for (const blob of blobs.slice(0, 50)) if (blob.length < 1e6) await decode(blob);
  const before = process.cpuUsage().user;
  let decodedBytes = 0;
  for (const blob of blobs) decodedBytes += await decode(blob);
  return decodedBytes / (process.cpuUsage().user - before);
}

/** @param {Buffer} blob */
async function throughOurs(blob) {
  let decodedBytes = 0;
  for await (const piece of decodeBzip2(inPieces(blob), { limits, label: 'bench' })) decodedBytes += piece.length;
  return decodedBytes;
}

/** @param {Buffer} blob */
async function throughUnbzip2(blob) {
  let decodedBytes = 0;
  const stream = unbzip2();
  stream.on('data', (piece) => (decodedBytes += piece.length));
  for await (const piece of inPieces(blob)) stream.write(piece);
  stream.end();
  return decodedBytes;
}

/** @param {Buffer} blob */
async function longestStallMs(blob) {
  let longest = 0;
  let over = false;
  const watching = (async () => {
    for (let before = performance.now(); !over; before = performance.now()) {
      await nextTurn();
      longest = Math.max(longest, performance.now() - before);
    }
  })();
  await throughOurs(blob);
  over = true;
  await watching;
  return longest;
}

/** @param {Buffer} bytes */
async function* inPieces(bytes) {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

/** @param {Buffer} file */
function splitBlobs(file) {
  const blobs = [];
  for (let at = 0; at < file.length;) {
    const length = file.readUInt32LE(at);
    blobs.push(file.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return blobs;
}

/** @param {string} task */
function python(task) {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program(), task, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The reference needs python3 with its bz2 module: ${stderr}`);
  return stdout;
}

function program() {
  return `
import bz2, json, os, random, resource, struct, sys
task, folder = sys.argv[1:]
kinds = ['blobs', 'large', 'random']
def write(kind, contents):
    with open(os.path.join(folder, kind), 'wb') as file:
        for content in contents:
            out = bz2.compress(content)
            file.write(struct.pack('<I', len(out)) + out)
def logs(length):
    lines, total, time = [], 0, 1700000000
    while total < length:
        time += r.random()
        line = json.dumps({'ts': round(time, 3), 'level': r.choice(['INFO', 'INFO', 'INFO', 'WARN', 'ERROR']),
            'service': r.choice(words[:12]), 'host': 'node-%d' % r.randint(1, 40), 'trace': '%016x' % r.getrandbits(64),
            'msg': 'request %s %s %s' % (r.choice(words), r.choice(words), r.choice(words)),
            'status': r.choice([200, 200, 200, 404, 500]), 'ms': r.randint(1, 900)}) + '\\n'
        lines.append(line)
        total += len(line)
    return ''.join(lines).encode()
if task == 'generate':
    r = random.Random(7)
    words = [''.join(r.choice('abcdefghijklmnopqrstuvwxyz') for _ in range(r.randint(3, 9))) for _ in range(400)]
    write('blobs', (logs(r.randint(35000, 95000)) for _ in range(600)))
    write('large', [logs(40000000)])
    write('random', [os.urandom(10000000)])
else:
    for kind in kinds:
        data = open(os.path.join(folder, kind), 'rb').read()
        decoded, at, before = 0, 0, resource.getrusage(resource.RUSAGE_SELF).ru_utime
        while at < len(data):
            length = struct.unpack_from('<I', data, at)[0]
            decoder = bz2.BZ2Decompressor()
            for piece in range(at + 4, at + 4 + length, 65536):
                decoded += len(decoder.decompress(data[piece:min(piece + 65536, at + 4 + length)]))
            at += 4 + length
        print(decoded / (resource.getrusage(resource.RUSAGE_SELF).ru_utime - before) / 1e6)
`;
}
