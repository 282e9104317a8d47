import { createHash, randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc32Base64 } from '../../../src/domain/text/crc32-base64.js';
import { type ScriptedRequest, type ScriptedServer, startScriptedServer } from './scripted-server.js';

/** One way in which a store is not what a migration relies on. */
export type Lie =
  | 'ignores If-None-Match on put'
  | 'ignores If-Match on put'
  | 'refuses every If-Match on put'
  | 'ignores If-None-Match on Complete'
  | 'ignores If-Match on Complete'
  | 'refuses If-Match on Complete'
  | 'does not implement conditions on Complete'
  | 'accepts a wrong CRC-32 of a put'
  | 'accepts a wrong CRC-32 of a part'
  | 'accepts a wrong CRC-32 of an upload'
  | 'loses metadata'
  | 'tells another CRC-32'
  | 'changes a byte of what is read back'
  | 'lists nothing'
  | 'lists no parts'
  | 'keeps aborted uploads'
  | 'wants parts of one size'
  | 'answers 403 to a HEAD of nothing'
  | 'refuses deletion'
  | 'refuses storage classes';

/** What a bucket answers about its settings: a body with the status 200, or a status and a code. */
export type Setting = string | { readonly status: number; readonly code: string };

/**
 * A small S3 server in memory, whose lies a test chooses. It has every bucket but `absent`. Signatures are not checked.
 */
export interface LyingS3 {
  readonly url: string;
  readonly lies: Set<Lie>;
  /** Answers to `?versioning`, `?object-lock` and `?lifecycle`. */
  readonly settings: Map<string, Setting>;
  /** Objects by bucket and key, as `archive/orders/1`. */
  readonly objects: Map<string, unknown>;
  readonly uploads: Map<string, unknown>;
  readonly requests: ScriptedServer['requests'];
  /**
   * Called before each request. Where it returns `drop`, the connection is closed and nothing happens; with `lose`, it
   * is closed after the request was carried out. With `stall` and `mute` it stays open without an answer in place of
   * being closed. An answer is given in place of the server's own.
   */
  before: (request: ScriptedRequest) => 'drop' | 'lose' | 'stall' | 'mute' | Answer | undefined;
  close(): Promise<void>;
}

interface Stored {
  readonly body: Buffer;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Upload {
  readonly key: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly parts: Map<number, Stored>;
}

/** An answer of the server. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Starts such a server, which is honest until lies are added. */
export async function startLyingS3(): Promise<LyingS3> {
  const lies = new Set<Lie>();
  const settings = new Map<string, Setting>();
  const objects = new Map<string, Stored>();
  const uploads = new Map<string, Upload>();

  const store = (key: string, stored: Stored, request: ScriptedRequest, where: 'put' | 'Complete'): Answer => {
    const refusal = refused(objects.get(key), request, where);
    if (refusal !== undefined) return refusal;
    objects.set(key, stored);
    const xml = `<CompleteMultipartUploadResult><ETag>${stored.etag}</ETag></CompleteMultipartUploadResult>`;
    return where === 'put' ? { status: 200, headers: { etag: stored.etag } } : { status: 200, body: xml };
  };
  const refused = (
    there: Stored | undefined,
    { headers }: ScriptedRequest,
    where: 'put' | 'Complete',
  ): Answer | undefined => {
    const { 'if-none-match': ifNoneMatch, 'if-match': ifMatch } = headers;
    const isConditional = ifNoneMatch !== undefined || ifMatch !== undefined;
    if (where === 'Complete' && isConditional && lies.has('does not implement conditions on Complete'))
      return failed(501, 'NotImplemented');
    if (ifNoneMatch === '*' && there !== undefined && !lies.has(`ignores If-None-Match on ${where}`))
      return failed(412, 'PreconditionFailed');
    if (ifMatch === undefined) return undefined;
    const refusesAll = lies.has(where === 'put' ? 'refuses every If-Match on put' : 'refuses If-Match on Complete');
    if (refusesAll) return failed(412, 'PreconditionFailed');
    if (ifMatch === there?.etag || lies.has(`ignores If-Match on ${where}`)) return undefined;
    return there === undefined ? failed(404, 'NoSuchKey') : failed(412, 'PreconditionFailed');
  };
  const complete = (uploadId: string, request: ScriptedRequest): Answer => {
    const upload = uploads.get(uploadId);
    if (upload === undefined) return failed(404, 'NoSuchUpload');
    const numbers = [...request.body.toString().matchAll(/<PartNumber>(\d+)</g)].map(([, number]) => Number(number));
    const parts = numbers.map((number) => upload.parts.get(number)!);
    const [first] = parts;
    const isUneven = parts.slice(0, -1).some(({ body }) => body.length !== first!.body.length);
    if (isUneven && lies.has('wants parts of one size')) return failed(400, 'InvalidPart');
    const body = Buffer.concat(parts.map((part) => part.body));
    if (hasWrongSum(body, request) && !lies.has('accepts a wrong CRC-32 of an upload')) return failed(400, 'BadDigest');
    const answer = store(upload.key, stored(body, upload.metadata), request, 'Complete');
    if (answer.status === 200) uploads.delete(uploadId);
    return answer;
  };
  const sendPart = (uploadId: string, number: number, request: ScriptedRequest): Answer => {
    if (hasWrongSum(request.body, request) && !lies.has('accepts a wrong CRC-32 of a part'))
      return failed(400, 'BadDigest');
    const part = stored(request.body, {});
    uploads.get(uploadId)!.parts.set(number, part);
    return { status: 200, headers: { etag: part.etag } };
  };
  const listParts = (uploadId: string, key: string): Answer => {
    const upload = uploads.get(uploadId);
    if (upload === undefined) return failed(404, 'NoSuchUpload');
    const parts = lies.has('lists no parts') ? [] : [...upload.parts];
    const rows = parts.map(
      ([number, { etag, body }]) =>
        `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag><Size>${body.length}</Size></Part>`,
    );
    const xml = `<ListPartsResult><Key>${key}</Key><UploadId>${uploadId}</UploadId>${rows.join('')}</ListPartsResult>`;
    return { status: 200, body: xml };
  };
  const put = (key: string, request: ScriptedRequest): Answer => {
    if (hasWrongSum(request.body, request) && !lies.has('accepts a wrong CRC-32 of a put'))
      return failed(400, 'BadDigest');
    return store(key, stored(request.body, metadataOf(request)), request, 'put');
  };
  const read = (key: string, method: string): Answer => {
    const there = objects.get(key);
    const status = method === 'HEAD' && lies.has('answers 403 to a HEAD of nothing') ? 403 : 404;
    if (there === undefined) return failed(status, 'NoSuchKey', method);
    const body = Buffer.from(there.body);
    if (lies.has('changes a byte of what is read back') && key.endsWith('/read-back')) body[0] = 0;
    const sum = crc32Base64(crc32(there.body) + (lies.has('tells another CRC-32') ? 1 : 0));
    const metadata = lies.has('loses metadata') ? {} : there.metadata;
    const headers = { etag: there.etag, 'content-length': `${body.length}`, 'x-amz-checksum-crc32': sum, ...metadata };
    return { status: 200, headers, body: method === 'HEAD' ? '' : body };
  };
  const list = (bucket: string, prefix: string): Answer => {
    const keys = [...objects.keys()].filter((key) => key.startsWith(`${bucket}/${prefix}`));
    const shown = lies.has('lists nothing') ? [] : keys;
    const rows = shown.map((key) => `<Contents><Key>${key.slice(bucket.length + 1)}</Key></Contents>`).join('');
    return { status: 200, body: `<ListBucketResult><Name>${bucket}</Name>${rows}</ListBucketResult>` };
  };
  const setting = (name: string): Answer => {
    const answer = settings.get(name) ?? { status: 501, code: 'NotImplemented' };
    return typeof answer === 'string' ? { status: 200, body: answer } : failed(answer.status, answer.code);
  };
  const answer = (request: ScriptedRequest): Answer => {
    const { pathname, searchParams: query } = new URL(request.url, 'http://store');
    const [, bucket = '', ...segments] = decodeURIComponent(pathname).split('/');
    const key = segments.length === 0 || segments[0] === '' ? '' : [bucket, ...segments].join('/');
    const uploadId = query.get('uploadId');
    if (bucket === 'absent') return failed(404, 'NoSuchBucket', request.method);
    if (key === '') {
      const name = ['versioning', 'object-lock', 'lifecycle'].find((each) => query.has(each));
      return name === undefined ? list(bucket, query.get('prefix') ?? '') : setting(name);
    }
    switch (`${request.method}${uploadId === null ? '' : ' upload'}`) {
      case 'POST': {
        if (request.headers['x-amz-storage-class'] !== undefined && lies.has('refuses storage classes'))
          return failed(400, 'InvalidStorageClass');
        const id = randomUUID();
        uploads.set(id, { key, metadata: metadataOf(request), parts: new Map() });
        const xml = `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`;
        return { status: 200, body: xml };
      }
      case 'PUT upload':
        return sendPart(uploadId ?? '', Number(query.get('partNumber')), request);
      case 'GET upload':
        return listParts(uploadId ?? '', key);
      case 'POST upload':
        return complete(uploadId ?? '', request);
      case 'DELETE upload':
        if (!lies.has('keeps aborted uploads')) uploads.delete(uploadId ?? '');
        return { status: 204 };
      case 'PUT':
        return put(key, request);
      case 'DELETE':
        if (lies.has('refuses deletion')) return failed(403, 'AccessDenied');
        objects.delete(key);
        return { status: 204 };
      default:
        return read(key, request.method);
    }
  };

  const server = await startScriptedServer((request, response) => {
    const other = lying.before(request);
    if (other === 'lose' || other === 'mute') answer(request);
    if (other === 'stall' || other === 'mute') return;
    if (other === 'drop' || other === 'lose') {
      response.socket?.destroy();
      return;
    }
    const { status, headers, body } = other ?? answer(request);
    response.writeHead(status, headers).end(body);
  });
  const lying: LyingS3 = {
    ...{ url: server.url, lies, settings, requests: server.requests },
    objects,
    uploads,
    before: () => undefined,
    close: () => server.close(),
  };
  return lying;
}

/** Returns a refusal as S3 makes it. */
export function failed(status: number, code: string, method = 'GET', message = 'no'): Answer {
  if (method === 'HEAD') return { status };
  return { status, body: `<Error><Code>${code}</Code><Message>${message}</Message></Error>` };
}

function stored(body: Buffer, metadata: Stored['metadata']): Stored {
  return { body, metadata, etag: `"${createHash('md5').update(body).digest('hex')}"` };
}

function hasWrongSum(body: Buffer, { headers }: ScriptedRequest): boolean {
  const sum = headers['x-amz-checksum-crc32'];
  return sum !== undefined && sum !== crc32Base64(crc32(body));
}

function metadataOf({ headers }: ScriptedRequest): Record<string, string> {
  const entries = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
