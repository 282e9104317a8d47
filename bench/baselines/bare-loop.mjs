/**
 * The barest loop that does all of this in Node, on our codecs: what everything around it must be measured against.
 * There is one naming scheme, no ledger, no second try and no limit. `bare-loop.mjs PART PARTS` moves each PARTS-th
 * unit, beginning with the one numbered PART; the environment says where, as for the baselines in Python.
 */
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { crc32 } from 'node:zlib';
import { Bzip2Decoder } from '../../dist/pipeline/decode/bzip2/bzip2-decoder.js';
import { checkSegment } from '../../dist/pipeline/pack/deflate/check-segment.js';
import { encodeSegment } from '../../dist/pipeline/pack/deflate/encode-segment.js';

const { BENCH_AZURE, BENCH_AZURE_KEY, BENCH_S3, BENCH_BUCKET, BENCH_UNITS } = process.env;
const [part, parts] = process.argv.slice(2).map(Number);
const [unitsInFlight, readsInFlight, segmentBytes] = [24, 8, 1 << 20];
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const accountKey = Buffer.from(BENCH_AZURE_KEY, 'base64');
const hmac = (key, text) => createHmac('sha256', key).update(text);
const decoders = [];

function send(url, method, headers, body) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent }, (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
        if (response.statusCode === 200) resolve(bytes);
        else reject(new Error(`${response.statusCode} for ${method} ${url}: ${bytes}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function get(account, path, query = {}) {
  const headers = { 'x-ms-date': new Date().toUTCString(), 'x-ms-version': '2025-01-05' };
  const named = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const asked = Object.entries(query).map(([name, value]) => `\n${name}:${value}`);
  const text = `GET${'\n'.repeat(12)}${named.join('')}/${account}/${account}/${path}${asked.join('')}`;
  const authorization = `SharedKey ${account}:${hmac(accountKey, text).digest('base64')}`;
  const search = asked.length === 0 ? '' : `?${new URLSearchParams(query)}`;
  return send(`${BENCH_AZURE}/${account}/${path}${search}`, 'GET', { ...headers, authorization });
}

function put(key, body, metadata) {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_REGION: region } = process.env;
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const signingKey = scope.split('/').reduce((from, step) => hmac(from, step).digest(), `AWS4${secret}`);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  const headers = {
    ...{ host: new URL(BENCH_S3).host, 'if-none-match': '*', 'x-amz-checksum-crc32': sum.toString('base64') },
    ...{ 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'x-amz-date': time, ...metadata },
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = `PUT\n/${BENCH_BUCKET}/${key}\n\n${lines.join('')}\n${names}\nUNSIGNED-PAYLOAD`;
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`;
  const signature = hmac(signingKey, text).digest('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  const own = { 'content-length': body.length, 'content-type': 'application/gzip', authorization };
  return send(`${BENCH_S3}/${BENCH_BUCKET}/${key}`, 'PUT', { ...headers, ...own }, body);
}

async function find({ unit_id, start, days, regions, blobs }) {
  const shard = createHash('sha1').update(unit_id).digest('hex').slice(0, 4);
  const places = Array.from({ length: Number(days) }, (_unused, day) => {
    const date = new Date(Date.parse(start) + day * 864e5).toISOString().slice(0, 10);
    return regions.split('|').map((account) => [account, date]);
  });
  const listed = places.flat().map(async ([account, date]) => {
    const container = `events-${date.slice(0, 7)}`;
    const prefix = `${date.replaceAll('-', '/')}/${shard}/${unit_id}-`;
    const xml = String(await get(account, container, { comp: 'list', prefix, restype: 'container' }));
    const found = xml.matchAll(/<Name>([^<]*)<\/Name>.*?<Content-Length>(\d+)</gs);
    return [...found].map(([, name, bytes]) => ({ account, container, name, bytes: Number(bytes) }));
  });
  const all = (await Promise.all(listed)).flat().sort((a, b) => (a.name < b.name ? -1 : 1));
  if (all.length !== Number(blobs)) throw new Error(`${unit_id} has ${all.length} blobs instead of ${blobs}`);
  return all;
}

async function readAll(blobs) {
  const bodies = [];
  let next = 0;
  const reader = async () => {
    for (let at = next++; at < blobs.length; at = next++) {
      const { account, container, name, bytes } = blobs[at];
      bodies[at] = await get(account, `${container}/${name}`);
      if (bodies[at].length !== bytes) throw new Error(`${name} is cut`);
    }
  };
  await Promise.all(Array.from({ length: readsInFlight }, reader));
  return bodies;
}

/** Returns the gzip object of some blobs, with the digest and the length of what it unpacks to. */
function pack(bodies) {
  const decoder = decoders.pop() ?? new Bzip2Decoder();
  const segment = Buffer.allocUnsafe(segmentBytes);
  const [packed, sha256] = [[Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])], createHash('sha256')];
  let [held, rawBytes, crc] = [0, 0, 0];
  const close = (last) => {
    const raw = segment.subarray(0, held);
    sha256.update(raw);
    crc = crc32(raw, crc);
    rawBytes += held;
    held = 0;
    const encoded = encodeSegment(raw, { level: 'standard', last });
    if (checkSegment(encoded, raw, { last }) !== undefined) throw new Error('a segment is wrong');
    packed.push(encoded);
  };
  const add = (piece) => {
    for (let at = 0; at < piece.length;) {
      if (held === segmentBytes) close(false);
      const fits = piece.subarray(at, at + segmentBytes - held);
      segment.set(fits, held);
      held += fits.length;
      at += fits.length;
    }
  };
  for (const body of bodies) {
    decoder.reset();
    for (const piece of decoder.write(body)) add(piece);
    for (const piece of decoder.end()) add(piece);
  }
  close(true);
  decoders.push(decoder);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(rawBytes % 2 ** 32, 4);
  return { object: Buffer.concat([...packed, trailer]), sha256: sha256.digest('hex'), rawBytes };
}

async function move(unit) {
  const { object, sha256, rawBytes } = pack(await readAll(await find(unit)));
  const key = `collated/${unit.start.slice(0, 7).replace('-', '/')}/${unit.unit_id}.json.gz`;
  await put(key, object, { 'x-amz-meta-bytes': String(rawBytes), 'x-amz-meta-sha256': sha256 });
}

const [head, ...rows] = readFileSync(BENCH_UNITS, 'utf8').trim().split('\n');
const columns = head.split(',');
const units = rows.filter((_row, index) => index % parts === part);
let next = 0;
const worker = async () => {
  for (let row = units[next++]; row !== undefined; row = units[next++]) {
    const values = row.split(',');
    await move(Object.fromEntries(columns.map((column, index) => [column, values[index]])));
  }
};
await Promise.all(Array.from({ length: unitsInFlight }, worker));
agent.destroy();
