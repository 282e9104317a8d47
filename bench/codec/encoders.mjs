import { constants, deflateRawSync } from 'node:zlib';
import { checkSegment } from '../../dist/pipeline/pack/deflate/check-segment.js';
import { encodeSegment } from '../../dist/pipeline/pack/deflate/encode-segment.js';
import { markdownTable } from '../lib/markdown.mjs';
import { median, userSeconds } from '../lib/measure.mjs';
import { corpora } from './corpora.mjs';

/**
 * The result of one encoder on one kind of data. `speed` and `size` are relative to level 6 of zlib.
 *
 * @typedef {{ megabytesPerSecond: number, ratio: number, speed: number, size: number }} EncoderMeasure
 * @typedef {{ kind: string, encoders: Record<string, EncoderMeasure>, check: number }} KindMeasure
 */

const segmentBytes = 1024 * 1024;
const reference = 'zlib 6';
const atLeastSeconds = 0.05;
const ownLevels = /** @type {const} */ (['fast', 'standard', 'small']);

/** @type {Readonly<Record<string, (segment: Buffer) => Uint8Array>>} */
const encoders = {
  ...Object.fromEntries(
    ownLevels.map((level) => [
      level,
      (/** @type {Buffer} */ segment) => encodeSegment(segment, { level, last: false }),
    ]),
  ),
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((level) => [`zlib ${level}`, throughZlib(level)])),
};

/**
 * Measures the encoders side by side, in raw MB per second of user CPU, on segments of 1 MiB with fresh state and a
 * sync flush after each, as in target objects. Each round runs every encoder once on the same bytes. Speeds relative to
 * level 6 of zlib are medians of those within a round.
 *
 * @param {{ rounds: number, mib: number }} options
 */
export async function reportEncoders(options) {
  const kinds = [];
  for (const [kind, make] of Object.entries(corpora)) {
    const measured = await measureKind(kind, make(options.mib * segmentBytes), options.rounds);
    kinds.push(measured);
    process.stdout.write(`\n${kindText(measured)}`);
  }
  process.stdout.write(
    `\nagainst ${reference}: times its speed, size for each byte of its size; ` +
      `the check of \`standard\`, in per cent of its encoding\n\n${overview(kinds)}`,
  );
}

/**
 * @param {string} kind
 * @param {Buffer} raw
 * @param {number} rounds
 * @returns {Promise<KindMeasure>}
 */
async function measureKind(kind, raw, rounds) {
  const segments = inSegments(raw);
  /** @type {Record<string, { seconds: number[], bytes: number }>} */
  const results = {};
  /** @type {number[]} */
  const checks = [];
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, encode] of Object.entries(encoders)) {
      const { seconds, result } = await userSeconds(() => segments.map(encode), atLeastSeconds);
      const bytes = result.reduce((sum, { length }) => sum + length, 0);
      const check =
        name === 'standard' ? (await userSeconds(() => checkAll(result, segments), atLeastSeconds)).seconds : undefined;
      if (round === 0) continue;
      (results[name] ??= { seconds: [], bytes }).seconds.push(seconds);
      if (check !== undefined) checks.push(check / seconds);
    }
  }
  const base = results[reference] ?? { seconds: [], bytes: 0 };
  const measures = Object.entries(results).map(([name, { seconds, bytes }]) => {
    const speed = median(seconds.map((each, round) => (base.seconds[round] ?? Number.NaN) / each));
    return [
      name,
      {
        megabytesPerSecond: raw.length / median(seconds) / 1e6,
        ratio: raw.length / bytes,
        speed,
        size: bytes / base.bytes,
      },
    ];
  });
  return { kind, encoders: Object.fromEntries(measures), check: median(checks) };
}

/**
 * @param {readonly Uint8Array[]} deflated
 * @param {readonly Buffer[]} segments
 */
function checkAll(deflated, segments) {
  for (const [index, segment] of segments.entries()) {
    const difference = checkSegment(deflated[index] ?? new Uint8Array(), segment, { last: false });
    if (difference !== undefined) throw new Error(`A segment is encoded wrongly: ${difference.message}`);
  }
}

/** @param {KindMeasure} measured */
function kindText({ kind, encoders: measures }) {
  const rows = Object.entries(measures).map(([name, { megabytesPerSecond, ratio, speed, size }]) => [
    name,
    megabytesPerSecond.toFixed(0),
    ratio.toFixed(2),
    `${speed.toFixed(2)} ×`,
    size.toFixed(3),
  ]);
  const head = [kind, 'MB/s', 'raw : packed', `× ${reference}`, `size : ${reference}`];
  return markdownTable(head, rows);
}

/** @param {readonly KindMeasure[]} kinds */
function overview(kinds) {
  const others = ['zlib 1', 'zlib 9'];
  const rows = kinds.map(({ kind, encoders: measures, check }) => {
    const base = measures[reference];
    return [
      kind,
      base === undefined ? '' : `${base.megabytesPerSecond.toFixed(0)} MB/s, ${base.ratio.toFixed(2)}`,
      ...[...ownLevels, ...others].map((name) => {
        const { speed = Number.NaN, size = Number.NaN } = measures[name] ?? {};
        return `${speed.toFixed(2)} ×, ${size.toFixed(3)}`;
      }),
      `${(check * 100).toFixed(0)} %`,
    ];
  });
  return markdownTable(['data', reference, ...ownLevels, ...others, 'check'], rows);
}

/** @param {number} level */
function throughZlib(level) {
  return (/** @type {Buffer} */ segment) =>
    deflateRawSync(segment, { level, finishFlush: constants.Z_SYNC_FLUSH, chunkSize: segmentBytes });
}

/** @param {Buffer} bytes */
function inSegments(bytes) {
  const segments = [];
  for (let at = 0; at < bytes.length; at += segmentBytes) segments.push(bytes.subarray(at, at + segmentBytes));
  return segments;
}
