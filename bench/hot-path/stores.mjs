/**
 * The stores of the benchmark, in a process of their own so that only the CPU time of their clients counts: two Azure
 * accounts that are only listed and read, and a bucket that keeps small objects, or forgets the contents of those of
 * units. Tells its parent its addresses, and when asked what was put below `objects/`.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { crc32 } from 'node:zlib';
import { accounts, blobsPerUnit, makeBlobs, unitId, unitPrefix } from './workload.mjs';

const units = Number(process.argv[2]);
const forgets = process.argv[3] === 'forget';
let putObjects = 0;
const blobs = (await makeBlobs()).map((bytes) => ({
  bytes,
  md5: createHash('md5').update(bytes).digest('base64'),
}));
const blobAt = (/** @type {number} */ at) => /** @type {(typeof blobs)[0]} */ (blobs[at % blobs.length]);
const listed = new Map(accounts.map((account, half) => [account, namesOf(half)]));
const places = new Map([...listed.values()].flat().map(({ name, at }) => [name, at]));

/** The names of an account, in their order. @param {number} half */
function namesOf(half) {
  const each = blobsPerUnit / accounts.length;
  return Array.from({ length: units * each }, (_unused, at) => {
    const [unit, part] = [Math.floor(at / each), half * each + (at % each)];
    const name = `${unitPrefix(unitId(unit))}${String(part).padStart(4, '0')}.json.bz2`;
    return { name, at: unit * blobsPerUnit + part };
  }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

const azure = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://azure');
  const [, account = '', , ...rest] = url.pathname.split('/');
  const common = { 'x-ms-version': '2026-02-06', 'x-ms-request-id': 'c6a0b1d2-201e-0012-4b5c-6d7e8f000000' };
  if (url.searchParams.get('comp') === 'list') {
    response.writeHead(200, { ...common, 'content-type': 'application/xml' });
    response.end(listing(account, url.searchParams));
    return;
  }
  const at = places.get(decodeURIComponent(rest.join('/')));
  if (at === undefined) {
    response.writeHead(404, { ...common, 'x-ms-error-code': 'BlobNotFound' }).end();
    return;
  }
  const { bytes, md5 } = blobAt(at);
  response.writeHead(200, {
    ...common,
    'content-length': bytes.length,
    'content-type': 'application/octet-stream',
    'content-md5': md5,
    'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT',
    'accept-ranges': 'bytes',
    etag: etagOf(at),
    'x-ms-client-request-id': request.headers['x-ms-client-request-id'] ?? '',
    'x-ms-creation-time': 'Mon, 01 Jan 2024 00:00:00 GMT',
    'x-ms-lease-status': 'unlocked',
    'x-ms-lease-state': 'available',
    'x-ms-blob-type': 'BlockBlob',
    'x-ms-server-encrypted': 'true',
  });
  response.end(bytes);
});

/** @param {number} at */
function etagOf(at) {
  return `"0x8DC0A${at.toString(16).toUpperCase().padStart(10, '0')}"`;
}

/**
 * Returns a page as Azure writes it.
 *
 * @param {string} account
 * @param {URLSearchParams} query
 */
function listing(account, query) {
  const prefix = query.get('prefix') ?? '';
  const names = listed.get(/** @type {'east'} */ (account)) ?? [];
  let from = Number(query.get('marker') ?? firstFrom(names, prefix));
  const max = Number(query.get('maxresults') ?? 5_000);
  const items = [];
  for (; from < names.length && items.length < max; from += 1) {
    const { name = '', at = 0 } = names[from] ?? {};
    if (!name.startsWith(prefix)) break;
    items.push(itemOf(name, at));
  }
  const more = names[from]?.name.startsWith(prefix) === true;
  return (
    '\uFEFF<?xml version="1.0" encoding="utf-8"?><EnumerationResults ' +
    `ServiceEndpoint="http://localhost/${account}/" ContainerName="events-2024-01"><Prefix>${prefix}</Prefix>` +
    `<MaxResults>${String(max)}</MaxResults><Blobs>${items.join('')}</Blobs>` +
    `${more ? `<NextMarker>${String(from)}</NextMarker>` : '<NextMarker />'}</EnumerationResults>`
  );
}

/**
 * @param {string} name
 * @param {number} at
 */
function itemOf(name, at) {
  const { bytes, md5 } = blobAt(at);
  const date = 'Mon, 01 Jan 2024 00:00:00 GMT';
  return (
    `<Blob><Name>${name}</Name><Properties><Creation-Time>${date}</Creation-Time><Last-Modified>${date}` +
    `</Last-Modified><Etag>${etagOf(at).slice(1, -1)}</Etag><Content-Length>${String(bytes.length)}</Content-Length>` +
    '<Content-Type>application/octet-stream</Content-Type><Content-Encoding /><Content-Language /><Content-CRC64 />' +
    `<Content-MD5>${md5}</Content-MD5><Cache-Control /><Content-Disposition /><BlobType>BlockBlob</BlobType>` +
    `<AccessTier>Hot</AccessTier><AccessTierInferred>true</AccessTierInferred><LeaseStatus>unlocked</LeaseStatus>` +
    '<LeaseState>available</LeaseState><ServerEncrypted>true</ServerEncrypted></Properties><OrMetadata /></Blob>'
  );
}

/**
 * @param {readonly { readonly name: string }[]} names
 * @param {string} prefix
 */
function firstFrom(names, prefix) {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle]?.name ?? '') < prefix) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @type {Map<string, { bytes: Buffer, etag: string }>} */
const objects = new Map();

const s3 = createServer((request, response) => {
  /** @type {Buffer[]} */
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const url = new URL(request.url ?? '/', 'http://s3');
    const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'));
    const found = objects.get(key);
    const answer = (/** @type {number} */ status, headers = {}, /** @type {Buffer | string} */ body = '') => {
      response.writeHead(status, { 'x-amz-request-id': 'TX0123456789', 'content-length': body.length, ...headers });
      response.end(request.method === 'HEAD' ? '' : body);
    };
    const error = (/** @type {number} */ status, /** @type {string} */ code) =>
      answer(status, { 'content-type': 'application/xml' }, `<Error><Code>${code}</Code></Error>`);
    if (key === '') {
      answer(200, { 'content-type': 'application/xml' }, bucketListing(url.searchParams.get('prefix') ?? ''));
    } else if (request.method === 'PUT') {
      const condition = request.headers['if-match'];
      if (request.headers['if-none-match'] === '*' && found !== undefined) error(412, 'PreconditionFailed');
      else if (condition !== undefined && condition !== found?.etag) error(412, 'PreconditionFailed');
      else {
        const bytes = Buffer.concat(pieces);
        const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
        const isUnit = key.startsWith('objects/');
        if (isUnit) putObjects += 1;
        objects.set(key, { bytes: isUnit && forgets ? Buffer.alloc(0) : bytes, etag });
        answer(200, { etag, 'x-amz-checksum-crc32': String(request.headers['x-amz-checksum-crc32'] ?? '') });
      }
    } else if (request.method === 'DELETE') {
      objects.delete(key);
      answer(204);
    } else if (found === undefined) {
      error(404, 'NoSuchKey');
    } else {
      answer(200, { etag: found.etag }, found.bytes);
    }
  });
});

/** @param {string} prefix */
function bucketListing(prefix) {
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix));
  const contents = keys.map(
    (key) => `<Contents><Key>${key}</Key><Size>${String(objects.get(key)?.bytes.length)}</Size></Contents>`,
  );
  const head = `<Name>archive</Name><KeyCount>${String(keys.length)}</KeyCount>`;
  return `<ListBucketResult>${head}${contents.join('')}</ListBucketResult>`;
}

for (const server of [azure, s3]) {
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
}
const urlOf = (/** @type {import('node:http').Server} */ server) =>
  `http://127.0.0.1:${String(/** @type {import('node:net').AddressInfo} */ (server.address()).port)}`;

process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  if (message === 'how many were put?') {
    process.send?.({ put: putObjects });
    return;
  }
  const put = [...objects].filter(([key]) => key.startsWith('objects/')).sort(([a], [b]) => (a < b ? -1 : 1));
  const digest = createHash('sha256');
  for (const [key, { bytes }] of put) digest.update(key).update(String(crc32(bytes)));
  const bytes = put.reduce((sum, [, object]) => sum + object.bytes.length, 0);
  objects.clear();
  process.send?.({ put: put.length, bytes, digest: digest.digest('hex') });
});
process.send?.({ azure: urlOf(azure), s3: urlOf(s3) });
