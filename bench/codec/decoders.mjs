import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import unbzip2 from 'unbzip2-stream';
import { decodeBzip2 } from '../../dist/pipeline/decode/bzip2/decode-bzip2.js';
import { markdownTable } from '../lib/markdown.mjs';
import { median, userSeconds } from '../lib/measure.mjs';

// The format that `libbz2.py` writes.
const kinds = { blobs: '10 KB blobs', large: 'one of 40 MB', random: 'incompressible' };
const limits = { blobBytes: 2 ** 40, expansion: 1e9 };

/** @type {Readonly<Record<string, (blob: Buffer) => Promise<number>>>} */
const decoders = { longhaul: throughOurs, 'unbzip2-stream': throughUnbzip2 };
const reference = 'libbz2';

/**
 * Measures the decoders side by side on the same blobs, in decoded MB per second of user CPU, and how long each of ours
 * blocks the event loop. Each ratio is the median of the ratios within a round.
 *
 * @param {{ rounds: number }} options
 */
export async function reportDecoders({ rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-bench-'));
  try {
    python('generate', folder);
    const corpora = Object.keys(kinds).map((kind) => splitBlobs(readFileSync(join(folder, kind))));
    const speeds = await measure(corpora, { folder, rounds });
    const [blobs = []] = corpora;
    const blobBytes = blobs.reduce((sum, { length }) => sum + length, 0) / blobs.length;
    write(
      `\nbzip2, decoded MB/s of user CPU (× libbz2); ${blobs.length} blobs of ${Math.round(blobBytes)} bytes; ` +
        `${pythonVersion()}\n\n`,
    );
    write(
      markdownTable(
        ['decoder', ...Object.values(kinds)],
        Object.entries(speeds).map(([name, rows]) => [
          name,
          ...rows.map((row, kind) => speedCell(row, speeds[reference]?.[kind])),
        ]),
      ),
    );
    write('\nlongest stall of the event loop, ms of CPU (ms by the clock)\n\n');
    write(markdownTable(['decoder', ...Object.values(kinds)], await stallRows(corpora)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {readonly (readonly Buffer[])[]} corpora
 * @param {{ folder: string, rounds: number }} options
 */
async function measure(corpora, { folder, rounds }) {
  /** @type {Record<string, number[][]>} */
  const speeds = Object.fromEntries([reference, ...Object.keys(decoders)].map((name) => [name, corpora.map(() => [])]));
  for (const decode of Object.values(decoders)) for (const blob of warmUp(corpora)) await decode(blob);
  for (let round = 0; round < rounds; round += 1) {
    const libbz2 = python('decode', folder).trim().split('\n').map(Number);
    libbz2.forEach((speed, kind) => speeds[reference]?.[kind]?.push(speed));
    for (const [name, decode] of Object.entries(decoders)) {
      for (const [kind, corpus] of corpora.entries()) speeds[name]?.[kind]?.push(await speedOf(decode, corpus));
    }
  }
  return speeds;
}

/**
 * Returns blobs on which V8 can compile the code before anything is measured, since a worker runs for weeks.
 *
 * @param {readonly (readonly Buffer[])[]} corpora
 */
function warmUp([blobs = [], , random = []]) {
  return [...blobs.slice(0, 100), ...random];
}

/**
 * @param {(blob: Buffer) => Promise<number>} decode
 * @param {readonly Buffer[]} corpus
 */
async function speedOf(decode, corpus) {
  const { seconds, result } = await userSeconds(async () => {
    let decodedBytes = 0;
    for (const blob of corpus) decodedBytes += await decode(blob);
    return decodedBytes;
  });
  return result / seconds / 1e6;
}

/**
 * @param {readonly number[]} speeds
 * @param {readonly number[]} [base]
 */
function speedCell(speeds, base = []) {
  const ratio = median(speeds.map((speed, round) => speed / (base[round] ?? Number.NaN)));
  return `${median(speeds).toFixed(0)} (${ratio.toFixed(2)} ×)`;
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
  for await (const piece of inPieces(blob)) {
    stream.write(piece);
    await nextTurn();
  }
  stream.end();
  return decodedBytes;
}

/**
 * @param {(blob: Buffer) => Promise<number>} decode
 * @param {readonly Buffer[]} corpus
 */
async function longestStall(decode, corpus) {
  const longest = { clockMs: 0, cpuMs: 0 };
  let over = false;
  const watching = (async () => {
    while (!over) {
      const before = { clock: performance.now(), cpu: process.cpuUsage() };
      await nextTurn();
      const { user, system } = process.cpuUsage(before.cpu);
      longest.clockMs = Math.max(longest.clockMs, performance.now() - before.clock);
      longest.cpuMs = Math.max(longest.cpuMs, (user + system) / 1000);
    }
  })();
  for (const blob of corpus) await decode(blob);
  over = true;
  await watching;
  return `${longest.cpuMs.toFixed(0)} (${longest.clockMs.toFixed(0)})`;
}

/** @param {readonly (readonly Buffer[])[]} corpora */
async function stallRows(corpora) {
  const rows = [];
  for (const [name, decode] of Object.entries(decoders)) {
    const cells = [];
    for (const corpus of corpora) cells.push(await longestStall(decode, corpus));
    rows.push([name, ...cells]);
  }
  return rows;
}

/** Yields bytes in the pieces in which a body arrives. @param {Buffer} bytes */
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

/**
 * @param {'generate' | 'decode'} task
 * @param {string} folder
 */
function python(task, folder) {
  const program = new URL('libbz2.py', import.meta.url).pathname;
  const { status, stdout, stderr, error } = spawnSync('python3', [program, task, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The reference needs python3 with its bz2 module: ${error?.message ?? stderr}`);
  return stdout;
}

function pythonVersion() {
  return `libbz2 through ${spawnSync('python3', ['--version'], { encoding: 'utf8' }).stdout.trim()}`;
}

/** @param {string} text */
function write(text) {
  process.stdout.write(text);
}
