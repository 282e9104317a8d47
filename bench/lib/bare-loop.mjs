/**
 * The barest way to move a unit on our codecs, as the reference for what everything around it costs: list, read,
 * decode, join, digest, deflate and check, put conditionally. There is one kind of credential, and there are no
 * retries, timeouts, limits, budgets, metrics or ledger.
 */
import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Pool } from 'undici';
import { Bzip2Decoder } from '../../dist/pipeline/decode/bzip2/bzip2-decoder.js';
import { checkSegment } from '../../dist/pipeline/pack/deflate/check-segment.js';
import { encodeSegment } from '../../dist/pipeline/pack/deflate/encode-segment.js';

const segmentBytes = 1024 * 1024;
const version = '2026-02-06';

/**
 * @typedef {{ account: string, container: string, prefix: string }} Place
 * @typedef {{ key: string, places: readonly Place[], blobs: number }} BareUnit
 * @typedef {{
 *   azure: string,
 *   accountKey: string,
 *   s3: string,
 *   bucket: string,
 *   region: string,
 *   keys: { accessKeyId: string, secretAccessKey: string },
 *   level: 'fast' | 'standard' | 'small',
 * }} BareLoopOptions
 */

/**
 * Returns a function that moves units, a number of them at a time, and one that closes the connections.
 *
 * @param {BareLoopOptions} options
 */
export function bareLoop({ azure, accountKey, s3, bucket, region, keys, level }) {
  const source = new Pool(azure, { connections: 128 });
  const target = new Pool(s3, { connections: 64 });
  const key = Buffer.from(accountKey, 'base64');
  const { host } = new URL(s3);
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
    const signature = createHmac('sha256', key).update(signed).digest('base64');
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

  /** Lists the blobs of a unit in the order of their names. @param {BareUnit} unit */
  async function find({ key: target, places, blobs }) {
    const pages = await Promise.all(
      places.map(async ({ account, container, prefix }) => {
        const page = await get(account, container, { restype: 'container', comp: 'list', prefix });
        const items = page.toString().matchAll(/<Name>([^<]*)<\/Name>.*?<Content-Length>(\d+)</gs);
        return [...items].map(([, name = '', bytes]) => ({ account, container, name, bytes: Number(bytes) }));
      }),
    );
    const found = pages.flat().sort((a, b) => (a.name < b.name ? -1 : 1));
    if (found.length !== blobs) throw new Error(`${target} has ${String(found.length)} blobs`);
    return found;
  }

  let day = '';
  /** @type {Buffer} */
  let signingKey;
  /**
   * @param {string} name
   * @param {Buffer} body
   * @param {Readonly<Record<string, string>>} metadata
   */
  async function put(name, body, metadata) {
    const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
    if (time.slice(0, 8) !== day) {
      day = time.slice(0, 8);
      signingKey = [day, region, 's3', 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${keys.secretAccessKey}`));
    }
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    const path = `/${bucket}/${name.split('/').map(encodeURIComponent).join('/')}`;
    /** @type {Record<string, string>} */
    const headers = {
      host,
      'if-none-match': '*',
      'x-amz-checksum-crc32': sum.toString('base64'),
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
      'x-amz-date': time,
      ...metadata,
    };
    const names = Object.keys(headers).sort();
    const lines = names.map((header) => `${header}:${headers[header] ?? ''}\n`).join('');
    const canonical = `PUT\n${path}\n\n${lines}\n${names.join(';')}\nUNSIGNED-PAYLOAD`;
    const scope = `${day}/${region}/s3/aws4_request`;
    const digest = createHash('sha256').update(canonical).digest('hex');
    const signature = hmac(signingKey, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${digest}`).toString('hex');
    const authorization =
      `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, ` +
      `SignedHeaders=${names.join(';')}, Signature=${signature}`;
    const answer = await target.request({ path, method: 'PUT', body, headers: { ...headers, authorization } });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`put ${name}: ${String(answer.statusCode)} ${text}`);
  }

  /** Returns the gzip object of some blobs, with the digest and the length of its unpacked content. */
  function pack(/** @type {readonly Buffer[]} */ bodies) {
    const decoder = idle.pop() ?? new Bzip2Decoder();
    const segment = Buffer.allocUnsafe(segmentBytes);
    const sha256 = createHash('sha256');
    const packed = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])];
    let [held, rawBytes, rawSum] = [0, 0, 0];
    const endSegment = (/** @type {boolean} */ last) => {
      const raw = segment.subarray(0, held);
      sha256.update(raw);
      rawSum = crc32(raw, rawSum);
      rawBytes += held;
      held = 0;
      const deflated = encodeSegment(raw, { level, last });
      if (checkSegment(deflated, raw, { last }) !== undefined) throw new Error('the encoder is wrong');
      packed.push(Buffer.from(deflated.buffer));
    };
    const take = (/** @type {Uint8Array} */ piece) => {
      for (let at = 0; at < piece.length;) {
        if (held === segmentBytes) endSegment(false);
        const fits = piece.subarray(at, at + segmentBytes - held);
        segment.set(fits, held);
        held += fits.length;
        at += fits.length;
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
    return { object: Buffer.concat([...packed, trailer]), sha256: sha256.digest('hex'), rawBytes };
  }

  /** @param {BareUnit} unit */
  async function move(unit) {
    const found = await find(unit);
    const bodies = await Promise.all(
      found.map(async ({ account, container, name, bytes }) => {
        const body = await get(account, `${container}/${name}`);
        if (body.length !== bytes) throw new Error(`${name} has another length`);
        return body;
      }),
    );
    const { object, sha256, rawBytes } = pack(bodies);
    await put(unit.key, object, {
      'x-amz-meta-longhaul-bytes': String(rawBytes),
      'x-amz-meta-longhaul-sha256': sha256,
    });
  }

  return {
    /**
     * @param {Iterable<BareUnit>} units
     * @param {number} unitsAtOnce
     */
    async move(units, unitsAtOnce) {
      const all = units[Symbol.iterator]();
      const lane = async () => {
        for (let next = all.next(); next.done !== true; next = all.next()) await move(next.value);
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
