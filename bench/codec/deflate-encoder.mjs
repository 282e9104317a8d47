#!/usr/bin/env node
/**
 * Measures the deflate encoder of a build beside Node's zlib: segments of 1 MiB, fresh state, sync flush after each, in one process, MB per
 * second of user CPU. Each round runs every encoder once on the same bytes; the speed shown against zlib's level 6 is the median of the
 * rounds' ratios. `node bench/codec/deflate-encoder.mjs [MiB of each kind] [rounds]`
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { constants, deflateRawSync } from 'node:zlib';
import { writeLogLines } from '../../dist/local/demo-data/write-log-lines.js';
import { seededRandom } from '../../dist/local/demo-data/seeded-random.js';
import { checkSegment } from '../../dist/pipeline/deflate/check-segment.js';
import { encodeSegment } from '../../dist/pipeline/deflate/encode-segment.js';
import { filesBelow, generatedCorpora } from './deflate-corpora.mjs';

/**
 * What one encoder did to one kind of bytes. The last two are against zlib's level 6.
 *
 * @typedef {{ kind: string, encoder: string, megabytesPerSecond: number, ratio: number, speed: number, size: number }} DeflateMeasure
 */

const segmentBytes = 1024 * 1024;
const reference = 'zlib 6';

/** @type {Readonly<Record<string, (segment: Buffer) => number>>} */
const encoders = {
  ...Object.fromEntries([6, 1, 2, 3, 4, 5, 7, 8, 9].map((level) => [`zlib ${level}`, throughZlib(level)])),
  ...Object.fromEntries(
    ['fast', 'standard', 'small'].map((level) => [
      level,
      (/** @type {Buffer} */ segment) => ours(segment, level).length,
    ]),
  ),
  'standard, checked': (segment) => {
    const deflated = ours(segment, 'standard');
    const difference = checkSegment(deflated, segment, { last: false });
    if (difference !== undefined) throw new Error(`A segment is encoded wrongly: ${difference.message}`);
    return deflated.length;
  },
};

/**
 * Measures all encoders on all kinds of bytes, `mib` of each, and gives each kind's results as soon as they are there.
 *
 * @param {{ mib?: number, rounds?: number }} [options]
 * @returns {Generator<DeflateMeasure[]>}
 */
export function* measureDeflate({ mib = 8, rounds = 5 } = {}) {
  for (const [kind, make] of Object.entries(corpora())) {
    const segments = inSegments(make(mib * segmentBytes));
    const rawBytes = segments.reduce((sum, { length }) => sum + length, 0);
    /** @type {Record<string, { seconds: number[], bytes: number }>} */
    const results = {};
    for (let round = 0; round <= rounds; round += 1) {
      for (const [name, encode] of Object.entries(encoders)) {
        // The first round warms up; the slow levels, of which only a place in the table is wanted, run once more.
        if (round > 1 && name.startsWith('zlib') && name !== reference) continue;
        const before = process.cpuUsage().user;
        const bytes = segments.reduce((sum, segment) => sum + encode(segment), 0);
        const seconds = Math.max(1, process.cpuUsage().user - before) / 1e6;
        if (round > 0) (results[name] ??= { seconds: [], bytes }).seconds.push(seconds);
      }
    }
    const base = results[reference] ?? { seconds: [], bytes: 0 };
    yield Object.entries(results).map(([encoder, { seconds, bytes }]) => ({
      kind,
      encoder,
      megabytesPerSecond: rawBytes / median(seconds) / 1e6,
      ratio: rawBytes / bytes,
      speed: median(seconds.map((each, round) => (base.seconds[round] ?? Number.NaN) / each)),
      size: bytes / base.bytes,
    }));
  }
}

/** @returns {Record<string, (bytes: number) => Buffer>} */
function corpora() {
  const generated = Object.entries(generatedCorpora).map(([kind, make]) => [
    kind,
    (/** @type {number} */ bytes) => make(seededRandom('deflate bench', kind), bytes),
  ]);
  return {
    'JSON logs': demoLogs,
    ...Object.fromEntries(generated),
    Markdown: (bytes) => filesBelow('node_modules', '.md', bytes),
    JavaScript: (bytes) => filesBelow('node_modules', '.js', bytes),
    'this program (executable)': (bytes) => readFileSync(process.execPath).subarray(0, bytes),
  };
}

/** @param {number} bytes */
function demoLogs(bytes) {
  const blobs = [];
  for (let held = 0, index = 0; held < bytes; index += 1) {
    const blob = writeLogLines(
      { seed: 1, units: 1 },
      { tenant: 'northwind', month: '2024-03' },
      { account: 'east', name: `blob ${index}`, region: 'eu', day: '14', rawBytes: 80_000, dense: false },
    );
    blobs.push(blob);
    held += blob.length;
  }
  return Buffer.concat(blobs).subarray(0, bytes);
}

/** @param {number} level */
function throughZlib(level) {
  return (/** @type {Buffer} */ segment) =>
    deflateRawSync(segment, { level, finishFlush: constants.Z_SYNC_FLUSH, chunkSize: segmentBytes }).length;
}

/**
 * @param {Buffer} segment
 * @param {any} level
 */
function ours(segment, level) {
  return encodeSegment(segment, { level, last: false });
}

/** @param {Buffer} bytes */
function inSegments(bytes) {
  const segments = [];
  for (let at = 0; at < bytes.length; at += segmentBytes) segments.push(bytes.subarray(at, at + segmentBytes));
  return segments;
}

/** @param {readonly number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [mib = 8, rounds = 5] = process.argv.slice(2).map(Number);
  process.stdout.write(`MB/s by user CPU, ratio, and against ${reference}: times its speed, times its size\n`);
  for (const measures of measureDeflate({ mib, rounds })) {
    process.stdout.write(`\n${measures[0]?.kind ?? ''}\n`);
    for (const { encoder, megabytesPerSecond, ratio, speed, size } of measures) {
      const cells = [megabytesPerSecond.toFixed(0), ratio.toFixed(3), `${speed.toFixed(2)} ×`, size.toFixed(3)];
      process.stdout.write(`  ${encoder.padEnd(18)}${cells.map((cell) => cell.padStart(9)).join('')}\n`);
    }
  }
}
