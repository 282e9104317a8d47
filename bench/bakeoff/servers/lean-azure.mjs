import { createHash } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Read-only Azure accounts in memory: lists and reads, path-style, whatever the signature. It parses no more of HTTP
 * than requests without a body need, because Node's HTTP server would take as much CPU per request as the programs that
 * are measured.
 *
 * @typedef {{ name: string, body: Buffer, etag: string, md5: string, wasRead: boolean }} Blob
 * @typedef {{ lists: number, reads: number, bytes: number, readsAgain: number, bytesAgain: number }} Served
 */

/**
 * Makes the server and its counts. Blobs are lines of account, container, name and the index of their content.
 *
 * @param {string} blobsTsv
 * @param {readonly Buffer[]} contents
 */
export function leanAzure(blobsTsv, contents) {
  const containers = sortedContainers(blobsTsv, contents);
  /** @type {Served} */
  const served = { lists: 0, reads: 0, bytes: 0, readsAgain: 0, bytesAgain: 0 };
  const server = createServer({ noDelay: true }, (socket) => {
    let unread = '';
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      unread += text;
      for (let end = unread.indexOf('\r\n\r\n'); end !== -1; end = unread.indexOf('\r\n\r\n')) {
        for (const part of answer(unread.slice(0, end), containers, served)) socket.write(part);
        unread = unread.slice(end + 4);
      }
    });
    // The client was killed.
    socket.on('error', () => socket.destroy());
  });
  return { server, served };
}

/**
 * Returns the blobs of each `account/container`, by name.
 *
 * @param {string} blobsTsv
 * @param {readonly Buffer[]} contents
 */
function sortedContainers(blobsTsv, contents) {
  const digests = contents.map((body) => createHash('md5').update(body).digest('base64'));
  /** @type {Map<string, Blob[]>} */
  const containers = new Map();
  for (const line of blobsTsv.trimEnd().split('\n')) {
    const [account, container, name = '', content] = line.split('\t');
    const body = contents[Number(content)] ?? Buffer.alloc(0);
    const etag = `0x8D${createHash('sha1').update(line).digest('hex').slice(0, 13).toUpperCase()}`;
    const place = `${account}/${container}`;
    const blobs = containers.get(place) ?? [];
    if (blobs.push({ name, body, etag, md5: digests[Number(content)] ?? '', wasRead: false }) === 1)
      containers.set(place, blobs);
  }
  for (const blobs of containers.values()) blobs.sort((a, b) => (a.name < b.name ? -1 : 1));
  return containers;
}

/**
 * Returns the answer in parts, to be written one after the other.
 *
 * @param {string} request
 * @param {Map<string, Blob[]>} containers
 * @param {Served} served
 * @returns {readonly (string | Buffer)[]}
 */
function answer(request, containers, served) {
  const [method, target = ''] = request.slice(0, request.indexOf('\r\n')).split(' ');
  const [path = '', query = ''] = target.split('?');
  const [, account, container, ...rest] = path.split('/').map(decodeURIComponent);
  const blobs = containers.get(`${account}/${container}`);
  if (blobs === undefined) return refuse(404, 'ContainerNotFound');
  if (method === 'GET' && /(^|&)comp=list(&|$)/.test(query)) {
    served.lists += 1;
    return list(blobs, new URLSearchParams(query), container ?? '');
  }
  const name = rest.join('/');
  const blob = blobs[firstFrom(blobs, name)];
  if (blob?.name !== name) return refuse(404, 'BlobNotFound');
  if (method !== 'GET' && method !== 'HEAD') return refuse(405, 'UnsupportedHttpVerb');
  const body = method === 'HEAD' ? undefined : blob.body;
  const length = body?.length ?? 0;
  served.reads += 1;
  served.bytes += length;
  if (blob.wasRead && body !== undefined) {
    served.readsAgain += 1;
    served.bytesAgain += length;
  }
  blob.wasRead ||= body !== undefined;
  return read(blob, /\r\n(?:x-ms-)?range: *bytes=(\d+)-(\d*)/i.exec(request), body !== undefined);
}

/**
 * Returns the index of the first name that does not sort before this one.
 *
 * @param {readonly Blob[]} blobs
 * @param {string} name
 */
function firstFrom(blobs, name) {
  let [low, high] = [0, blobs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blobs[middle]?.name ?? '') < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {Blob} blob @param {RegExpExecArray | null} range @param {boolean} withBody */
function read(blob, range, withBody) {
  const { body, etag, md5 } = blob;
  const from = Number(range?.[1] ?? 0);
  const end = Math.min(body.length, range?.[2] ? Number(range[2]) + 1 : body.length);
  if (from >= body.length) return refuse(416, 'InvalidRange');
  const lines = [
    range === null ? 'HTTP/1.1 200 OK' : 'HTTP/1.1 206 Partial Content',
    `Content-Length: ${end - from}`,
    ...(range === null ? [`Content-MD5: ${md5}`] : [`Content-Range: bytes ${from}-${end - 1}/${body.length}`]),
    `x-ms-blob-content-md5: ${md5}`,
    `ETag: "${etag}"`,
    ...['Content-Type: application/octet-stream', 'Accept-Ranges: bytes', 'x-ms-blob-type: BlockBlob'],
    ...commonLines,
  ];
  const head = `${lines.join('\r\n')}\r\n\r\n`;
  return withBody ? [head, body.subarray(from, end)] : [head];
}

/** @param {readonly Blob[]} blobs @param {URLSearchParams} query @param {string} container */
function list(blobs, query, container) {
  const prefix = query.get('prefix') ?? '';
  const pageMax = Number(query.get('maxresults') ?? 5_000);
  const first = firstFrom(blobs, query.get('marker') || query.get('startFrom') || prefix);
  let end = first;
  while (end < blobs.length && end < first + pageMax && blobs[end]?.name.startsWith(prefix)) end += 1;
  const page = blobs.slice(first, end);
  const next = blobs[end]?.name;
  const xml =
    '<?xml version="1.0" encoding="utf-8"?>' +
    `<EnumerationResults ServiceEndpoint="http://127.0.0.1/" ContainerName="${container}">` +
    `<Blobs>${entries(page, prefix, query.get('delimiter') ?? '')}</Blobs>` +
    (next?.startsWith(prefix) ? `<NextMarker>${next}</NextMarker>` : '<NextMarker />') +
    '</EnumerationResults>';
  const lines = ['HTTP/1.1 200 OK', `Content-Length: ${xml.length}`, 'Content-Type: application/xml', ...commonLines];
  return [`${lines.join('\r\n')}\r\n\r\n${xml}`];
}

/**
 * Returns the blobs of a page, or with a delimiter the folders that contain them.
 *
 * @param {readonly Blob[]} page
 * @param {string} prefix
 * @param {string} delimiter
 */
function entries(page, prefix, delimiter) {
  if (delimiter === '') return page.map(listed).join('');
  const folders = new Set();
  const own = page.filter(({ name }) => {
    const end = name.indexOf(delimiter, prefix.length);
    if (end !== -1) folders.add(name.slice(0, end + delimiter.length));
    return end === -1;
  });
  const named = [...folders].map((folder) => `<BlobPrefix><Name>${folder}</Name></BlobPrefix>`);
  return `${own.map(listed).join('')}${named.join('')}`;
}

/** @param {Blob} blob */
function listed({ name, body, etag, md5 }) {
  return (
    `<Blob><Name>${name}</Name><Properties><Creation-Time>${modified}</Creation-Time>` +
    `<Last-Modified>${modified}</Last-Modified><Etag>${etag}</Etag><Content-Length>${body.length}</Content-Length>` +
    '<Content-Type>application/octet-stream</Content-Type><Content-Encoding /><Content-Language />' +
    `<Content-MD5>${md5}</Content-MD5><Cache-Control /><Content-Disposition /><BlobType>BlockBlob</BlobType>` +
    '<AccessTier>Hot</AccessTier><AccessTierInferred>true</AccessTierInferred><LeaseStatus>unlocked</LeaseStatus>' +
    '<LeaseState>available</LeaseState><ServerEncrypted>true</ServerEncrypted></Properties><OrMetadata /></Blob>'
  );
}

const modified = 'Mon, 01 Jan 2024 00:00:00 GMT';
const commonLines = [
  `Last-Modified: ${modified}`,
  'x-ms-version: 2025-01-05',
  'x-ms-request-id: 00000000-0000-0000-0000-000000000000',
  `Date: ${modified}`,
];

/** @param {number} status @param {string} code */
function refuse(status, code) {
  const xml = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`;
  const lines = [
    `HTTP/1.1 ${status} ${code}`,
    `Content-Length: ${xml.length}`,
    'Content-Type: application/xml',
    `x-ms-error-code: ${code}`,
    ...commonLines,
  ];
  return [`${lines.join('\r\n')}\r\n\r\n${xml}`];
}
