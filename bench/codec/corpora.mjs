import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { seededRandom } from '../../dist/local/demo-data/seeded-random.js';
import { writeLogLines } from '../../dist/local/demo-data/write-log-lines.js';

/**
 * Numbers that are the same everywhere for the same seed.
 *
 * @typedef {import('../../src/local/demo-data/seeded-random.js').SeededRandom} SeededRandom
 */

/**
 * The kinds of data that decide how well an encoder does, including those on which ours does worst. Each returns this
 * many bytes, or fewer if a file at hand is shorter. Generated data is the same everywhere. Files at hand are those of
 * the locked packages and of Node itself.
 *
 * @type {Readonly<Record<string, (bytes: number) => Buffer>>}
 */
export const corpora = {
  'JSON logs': demoLogs,
  'JSON logs, free text': generated((random, bytes) => lines(bytes, () => freeTextLog(random))),
  'web access log': generated((random, bytes) => lines(bytes, () => accessLogLine(random))),
  CSV: generated((random, bytes) => lines(bytes, () => csvLine(random))),
  'binary records': generated(binaryRecords),
  'base64 in JSON': generated((random, bytes) => lines(bytes, () => base64Line(random))),
  'already compressed': (bytes) => gzipSync(demoLogs(bytes * 6)).subarray(0, bytes),
  random: generated(randomBytes),
  'generated prose': generated((random, bytes) => lines(bytes, () => proseLine(random))),
  'prose (Markdown)': (bytes) => filesBelow('node_modules', '.md', bytes),
  'source code (JavaScript)': (bytes) => filesBelow('node_modules', '.js', bytes),
  'program (Node itself)': (bytes) => readFileSync(process.execPath).subarray(0, bytes),
};

/** @param {(random: SeededRandom, bytes: number) => Buffer} make */
function generated(make) {
  return (/** @type {number} */ bytes) => make(seededRandom('codec bench', make.name), bytes);
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

/**
 * Returns the files below a folder whose names end in `extension`, in the order of their paths, up to `bytes` in all.
 *
 * @param {string} folder
 * @param {string} extension
 * @param {number} bytes
 */
function filesBelow(folder, extension, bytes) {
  const pieces = [];
  let held = 0;
  const paths = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.toSorted()) {
    if (held >= bytes) break;
    const piece = readFileSync(path);
    pieces.push(piece);
    held += piece.length;
  }
  return Buffer.concat(pieces).subarray(0, bytes);
}

/**
 * @param {number} bytes
 * @param {() => string} line
 */
function lines(bytes, line) {
  const pieces = [];
  for (let held = 0; held < bytes;) {
    const text = `${line()}\n`;
    pieces.push(text);
    held += text.length;
  }
  return Buffer.from(pieces.join(''), 'latin1').subarray(0, bytes);
}

const words = (
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had an ' +
  'they which one you were all her she there would their we him been has when who will no more if out so up ' +
  'said what its about than into them can only other time new some could these two may first then do any ' +
  'like my now over such our man me even most made after also did many off before must well back through ' +
  'years where much your way down should because long each just state people those too mr how little good ' +
  'world make very year still see own work men day get here old life both between being under three never ' +
  'know same last another while us might great go come since against right came take used himself few house ' +
  'american use place during high without again home around small however found mrs part school thought went ' +
  'say general once upon every left war number course connection timeout request upstream refused retry ' +
  'scheduled payload checksum replica partition leader election quorum snapshot'
).split(' ');
const modules = [
  'billing.invoice',
  'auth.session',
  'search.indexer',
  'mail.queue',
  'gateway.proxy',
  'storage.compactor',
];
const levels = ['INFO', 'INFO', 'INFO', 'DEBUG', 'WARN', 'ERROR'];

/** @param {SeededRandom} random */
function freeTextLog(random) {
  const stack =
    random.int(0, 19) === 0
      ? `,"stack":"Error: ${sentence(random, 6)}\\n${Array.from({ length: 6 }, () => stackFrame(random)).join('\\n')}"`
      : '';
  const time = String(1_700_000_000_000 + random.int(0, 86_400_000));
  return (
    `{"ts":${time},"level":"${random.pick(levels)}","logger":"${random.pick(modules)}",` +
    `"requestId":"${uuid(random)}","message":"${sentence(random, random.int(4, 16))}",` +
    `"elapsed":${(random.fraction() * 900).toFixed(3)}${stack}}`
  );
}

/** @param {SeededRandom} random */
function stackFrame(random) {
  const call = `${random.pick(words)}.${random.pick(words)}`;
  const file = `/srv/app/${random.pick(modules)}.js`;
  return `    at ${call} (${file}:${String(random.int(1, 900))}:${String(random.int(1, 80))})`;
}

/** @param {SeededRandom} random */
function accessLogLine(random) {
  const address = [10, random.int(0, 3), random.int(0, 255), random.int(0, 255)].join('.');
  const second = String(random.int(0, 59)).padStart(2, '0');
  const path = `/${random.pick(words)}/${random.pick(words)}?id=${String(random.int(1, 99_999))}`;
  const answer = `${random.pick(['200', '200', '200', '304', '404'])} ${String(random.int(200, 60_000))}`;
  const referrer = `https://shop.example/${random.pick(words)}`;
  const agent = `Mozilla/5.0 (X11; Linux x86_64; rv:${String(random.int(100, 125))}.0) Gecko/20100101`;
  return (
    `${address} - - [14/Mar/2024:09:${second}:${second} +0000] "GET ${path} HTTP/1.1" ` +
    `${answer} "${referrer}" "${agent}"`
  );
}

/** @param {SeededRandom} random */
function csvLine(random) {
  return [
    String(random.int(1, 5_000_000)),
    `2023-${String(random.int(1, 12)).padStart(2, '0')}-${String(random.int(1, 28)).padStart(2, '0')}`,
    random.pick(words),
    (random.fraction() * 1000).toFixed(2),
    String(random.int(0, 40)),
    random.pick(['EUR', 'USD', 'GBP']),
    random.fraction().toFixed(6),
  ].join(',');
}

/** @param {SeededRandom} random */
function proseLine(random) {
  const text = sentence(random, random.int(6, 22));
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`;
}

/** @param {SeededRandom} random */
function base64Line(random) {
  const id = uuid(random);
  const body = randomBytes(random, 1500).toString('base64');
  return `{"id":"${id}","contentType":"application/octet-stream","body":"${body}"}`;
}

/**
 * Records of 24 bytes: a counter, a small integer, a noisy double and flags, little-endian.
 *
 * @param {SeededRandom} random
 * @param {number} bytes
 */
function binaryRecords(random, bytes) {
  const records = Buffer.alloc(Math.ceil(bytes / 24) * 24);
  for (let offset = 0, count = 0; offset < records.length; offset += 24, count += 1) {
    records.writeUInt32LE(count, offset);
    records.writeUInt32LE(random.int(0, 500), offset + 4);
    records.writeDoubleLE(Math.round(20 + Math.sin(count / 500) * 8 + random.fraction() * 100) / 100, offset + 8);
    records.writeUInt32LE(random.int(0, 3), offset + 16);
  }
  return records.subarray(0, bytes);
}

/**
 * @param {SeededRandom} random
 * @param {number} bytes
 */
function randomBytes(random, bytes) {
  const values = Buffer.alloc(Math.ceil(bytes / 4) * 4);
  for (let offset = 0; offset < values.length; offset += 4) values.writeUInt32LE(random.uint32(), offset);
  return values.subarray(0, bytes);
}

/**
 * @param {SeededRandom} random
 * @param {number} length
 */
function sentence(random, length) {
  // Squared, so that the first words of the list occur most often, as in a language.
  return Array.from({ length }, () => words[Math.floor(random.fraction() ** 2 * words.length)]).join(' ');
}

/** @param {SeededRandom} random */
function uuid(random) {
  const hex = randomBytes(random, 16).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
