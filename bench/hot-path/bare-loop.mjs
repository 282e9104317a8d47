/**
 * The barest loop that does what a worker does for a unit, as the reference for what the frame around it costs: list,
 * read, decode, join, digest, deflate and check, put on a condition. It has one kind of credential and no retries,
 * timeouts, limits, budgets, metrics or ledger.
 */
import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Pool } from 'undici';
import { Bzip2Decoder } from '../../dist/pipeline/decode/bzip2/bzip2-decoder.js';
import { checkSegment } from '../../dist/pipeline/pack/deflate/check-segment.js';
import { encodeSegment } from '../../dist/pipeline/pack/deflate/encode-segment.js';
import { accountKey, accounts, bucket, container, s3Keys, unitId, unitPrefix } from './workload.mjs';

const unitsAtOnce = 16;
const segmentBytes = 1024 * 1024;
const version = '2026-02-06';
const region = 'us-east-1';

/**
 * Returns a function that moves the units from one number to another.
 *
 * @param {{ azure: string, s3: string, level: 'fast' | 'standard' | 'small' }} options
 */
export function bareLoop({ azure, s3, level }) {
  const source = new Pool(azure, { connections: 128 });
  const target = new Pool(s3, { connections: 64 });
  /** @type {Bzip2Decoder[]} */
  const idle = [];

  /**
   * @param {string} account
   * @param {string} path
   * @param {Readonly<Record<string, string>>} query
   */
  async function get(account, path, query = {}) {
    const date = new Date().toUTCString();
    const fields = Object.entries(query).sort();
    const signed =
      `GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:${date}\nx-ms-version:${version}\n/${account}/${account}/${path}` +
      fields.map(([name, value]) => `\n${name}:${value}`).join('');
    const signature = createHmac('sha256', Buffer.from(accountKey, 'base64')).update(signed).digest('base64');
    const search = fields.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    const { statusCode, body } = await source.request({
      path: `/${account}/${path}${search === '' ? '' : `?${search}`}`,
      method: 'GET',
      headers: { 'x-ms-date': date, 'x-ms-version': version, authorization: `SharedKey ${account}:${signature}` },
    });
    const bytes = Buffer.from(await body.arrayBuffer());
    if (statusCode !== 200) throw new Error(`${path}: status ${String(statusCode)}`);
    return bytes;
  }

  let day = '';
  /** @type {Buffer} */
  let signingKey;
  /**
   * @param {string} key
   * @param {Buffer} body
   * @param {Readonly<Record<string, string>>} metadata
   */
  async function put(key, body, metadata) {
    const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
    if (time.slice(0, 8) !== day) {
      day = time.slice(0, 8);
      signingKey = [day, region, 's3', 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${s3Keys.secretAccessKey}`));
    }
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    const path = `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
    /** @type {Record<string, string>} */
    const headers = {
      host: new URL(s3).host,
      'if-none-match': '*',
      'x-amz-checksum-crc32': sum.toString('base64'),
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
      'x-amz-date': time,
      ...metadata,
    };
    const names = Object.keys(headers).sort();
    const lines = names.map((name) => `${name}:${headers[name] ?? ''}\n`).join('');
    const canonical = `PUT\n${path}\n\n${lines}\n${names.join(';')}\nUNSIGNED-PAYLOAD`;
    const scope = `${day}/${region}/s3/aws4_request`;
    const digest = createHash('sha256').update(canonical).digest('hex');
    const signature = hmac(signingKey, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${digest}`).toString('hex');
    const authorization =
      `AWS4-HMAC-SHA256 Credential=${s3Keys.accessKeyId}/${scope}, ` +
      `SignedHeaders=${names.join(';')}, Signature=${signature}`;
    const answer = await target.request({ path, method: 'PUT', body, headers: { ...headers, authorization } });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`put ${key}: ${String(answer.statusCode)} ${text}`);
  }

  /** @param {string} unit */
  async function move(unit) {
    const prefix = unitPrefix(unit);
    const pages = await Promise.all(
      accounts.map(async (account) => {
        const page = await get(account, container, { restype: 'container', comp: 'list', prefix });
        const items = page.toString().matchAll(/<Name>([^<]*)<\/Name>.*?<Content-Length>(\d+)</gs);
        return [...items].map(([, name = '', bytes]) => ({ account, name, bytes: Number(bytes) }));
      }),
    );
    const found = pages.flat().sort((a, b) => (a.name < b.name ? -1 : 1));
    const bodies = await Promise.all(
      found.map(async ({ account, name, bytes }) => {
        const body = await get(account, `${container}/${name}`);
        if (body.length !== bytes) throw new Error(`${name} has another length`);
        return body;
      }),
    );
    const decoder = idle.pop() ?? new Bzip2Decoder();
    const sha256 = createHash('sha256');
    const packed = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])];
    /** @type {Uint8Array[]} */
    let pieces = [];
    let [held, rawBytes, rawSum] = [0, 0, 0];
    const endSegment = (/** @type {boolean} */ last) => {
      const raw = Buffer.concat(pieces);
      [pieces, held] = [[], 0];
      sha256.update(raw);
      rawSum = crc32(raw, rawSum);
      const deflated = encodeSegment(raw, { level, last });
      if (checkSegment(deflated, raw, { last }) !== undefined) throw new Error('the encoder is wrong');
      packed.push(Buffer.from(deflated.buffer));
    };
    const take = (/** @type {Uint8Array} */ piece) => {
      rawBytes += piece.length;
      for (let rest = piece; rest.length > 0;) {
        if (held === segmentBytes) endSegment(false);
        const taken = rest.subarray(0, segmentBytes - held);
        pieces.push(taken);
        held += taken.length;
        rest = rest.subarray(taken.length);
      }
    };
    for (const body of bodies) {
      decoder.reset();
      for (const piece of decoder.write(body)) take(piece);
      for (const piece of decoder.end()) take(piece);
    }
    endSegment(true);
    idle.push(decoder);
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(rawSum, 0);
    trailer.writeUInt32LE(rawBytes % 2 ** 32, 4);
    const metadata = {
      'x-amz-meta-longhaul-bytes': String(rawBytes),
      'x-amz-meta-longhaul-sha256': sha256.digest('hex'),
    };
    await put(`objects/${unit}.json.gz`, Buffer.concat([...packed, trailer]), metadata);
  }

  return {
    /**
     * @param {number} from
     * @param {number} to
     */
    async move(from, to) {
      let next = from;
      const lane = async () => {
        while (next < to) await move(unitId(next++));
      };
      await Promise.all(Array.from({ length: unitsAtOnce }, lane));
    },
    close: async () => {
      await Promise.all([source.destroy(), target.destroy()]);
    },
  };
}

/**
 * @param {Buffer} key
 * @param {string} text
 */
function hmac(key, text) {
  return createHmac('sha256', key).update(text).digest();
}
