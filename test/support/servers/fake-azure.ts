import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type ScriptedServer, startScriptedServer } from './scripted-server.js';

/** A blob as the fake keeps it. */
export interface FakeBlob {
  readonly bytes: Buffer;
  readonly etag: string;
  /** The MD5 stored with it, base64, or null. */
  readonly md5: string | null;
  /** Whether a hierarchical namespace lists it as a directory. */
  readonly isDirectory?: true;
}

/** A request as the fake understands it. */
export interface FakeRequest {
  readonly account: string;
  readonly kind: 'list' | 'read' | 'head';
  /** The prefix of a listing, or the name of a blob. */
  readonly name: string;
  /** Where the bytes begin that are asked for. */
  readonly from: number;
  readonly ifMatch: string | undefined;
  /** How many requests of this kind there were before, for the same name. */
  readonly index: number;
}

/** Answers a request differently from a healthy account; `behave` answers like one. */
export type Misbehaviour = (request: FakeRequest, response: ServerResponse, behave: () => void) => void;

/** Azure accounts in memory, path-style on one port, which misbehave at the requests that a test chooses. */
export class FakeAzure {
  readonly blobs = new Map<string, FakeBlob>();
  readonly requests: FakeRequest[] = [];
  /** Names are listed by their bytes, unless a test says otherwise. */
  order: (names: string[]) => string[] = (names) => names.sort();
  misbehave: Misbehaviour = (_request, _response, behave) => {
    behave();
  };

  private constructor(readonly server: ScriptedServer) {}

  static async start(): Promise<FakeAzure> {
    const fake = new FakeAzure(await startScriptedServer());
    fake.server.script = ({ method, url, headers }, response) => {
      const { pathname, searchParams } = new URL(url, fake.server.url);
      const [account = '', container = '', ...path] = pathname.slice(1).split('/').map(decodeURIComponent);
      const isList = searchParams.get('comp') === 'list';
      const kind: FakeRequest['kind'] = isList ? 'list' : method === 'HEAD' ? 'head' : 'read';
      const range = String(headers['x-ms-range'] ?? headers.range ?? 'bytes=0-');
      const request = {
        ...{
          account,
          kind,
          name: isList ? (searchParams.get('prefix') ?? '') : path.join('/'),
        },
        from: Number(/\d+/.exec(range)?.[0]),
        ifMatch: headers['if-match'],
      };
      const { length: index } = fake.like(request);
      fake.requests.push({ ...request, index });
      const behave = (): void => {
        if (isList) fake.#list({ place: `${account}/${container}/`, searchParams }, response);
        else fake.#read(request, `${account}/${container}/${request.name}`, response);
      };
      fake.misbehave({ ...request, index }, response, behave);
    };
    return fake;
  }

  close(): Promise<void> {
    return this.server.close();
  }

  endpoint(account: string): string {
    return `${this.server.url}/${account}`;
  }

  put(place: string, text: string, changes: Partial<FakeBlob> = {}): FakeBlob {
    const bytes = Buffer.from(text);
    const md5 = createHash('md5').update(bytes).digest('base64');
    const blob = {
      bytes,
      etag: `"0x${createHash('sha1').update(place).update(bytes).digest('hex')}"`,
      md5,
      ...changes,
    };
    this.blobs.set(place, blob);
    return blob;
  }

  /** The requests of one kind for one name so far. */
  like({ account, kind, name }: Pick<FakeRequest, 'account' | 'kind' | 'name'>): readonly FakeRequest[] {
    return this.requests.filter(
      (request) => request.account === account && request.kind === kind && request.name === name,
    );
  }

  #list(
    { place, searchParams }: { readonly place: string; readonly searchParams: URLSearchParams },
    response: ServerResponse,
  ): void {
    const below = place + (searchParams.get('prefix') ?? '');
    const names = this.order([...this.blobs.keys()].filter((key) => key.startsWith(below)));
    const start = Number(searchParams.get('marker') ?? 0);
    const end = start + Number(searchParams.get('maxresults') ?? 5_000);
    const page = names.slice(start, end).flatMap((key): readonly (readonly [string, FakeBlob])[] => {
      const blob = this.blobs.get(key);
      return blob === undefined ? [] : [[key.slice(place.length), blob]];
    });
    answerListing(response, page, end < names.length ? String(end) : '');
  }

  #read({ from, ifMatch, kind }: Omit<FakeRequest, 'index'>, place: string, response: ServerResponse): void {
    const blob = this.blobs.get(place);
    if (blob === undefined) {
      refuse(response, 404, 'BlobNotFound');
      return;
    }
    if (ifMatch !== undefined && ifMatch !== blob.etag) {
      refuse(response, 412, 'ConditionNotMet');
      return;
    }
    answerWith(response, blob, { from });
    response.end(kind === 'head' ? undefined : blob.bytes.subarray(from));
  }
}

/** Begins the answer to a read, as a healthy account would but for the changes. */
export function answerWith(
  response: ServerResponse,
  { bytes, etag, md5 }: FakeBlob,
  {
    from,
    status = from === 0 ? 200 : 206,
    headers = {},
  }: { readonly from: number; readonly status?: number; readonly headers?: Readonly<Record<string, string>> },
): void {
  response.writeHead(status, {
    etag,
    'content-length': String(bytes.length - from),
    ...(status === 206 && {
      'content-range': `bytes ${String(from)}-${String(bytes.length - 1)}/${String(bytes.length)}`,
    }),
    ...(md5 !== null && from === 0 && { 'content-md5': md5 }),
    'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT',
    ...headers,
  });
}

/** Answers with a page of a listing; the marker says where the next one begins, and is empty after the last. */
export function answerListing(
  response: ServerResponse,
  blobs: readonly (readonly [name: string, blob: FakeBlob])[],
  marker = '',
): void {
  const items = blobs.map(([name, blob]) => listed(name, blob)).join('');
  const root = '<EnumerationResults ServiceEndpoint="http://127.0.0.1/" ContainerName="events">';
  const page = `<Blobs>${items}</Blobs><NextMarker>${marker}</NextMarker>`;
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?>${root}${page}</EnumerationResults>`);
}

/** Refuses a request as Azure does. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'x-ms-error-code': code, ...headers });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`);
}

function listed(name: string, { bytes, etag, md5, isDirectory }: FakeBlob): string {
  const stored = md5 === null ? '' : `<Content-MD5>${md5}</Content-MD5>`;
  const type = isDirectory === undefined ? '' : '<ResourceType>directory</ResourceType>';
  return (
    `<Blob><Name>${name.replaceAll('&', '&amp;')}</Name>` +
    '<Properties><Last-Modified>Mon, 01 Jan 2024 00:00:00 GMT</Last-Modified>' +
    `<Etag>${etag.slice(1, -1)}</Etag><Content-Length>${String(bytes.length)}</Content-Length>${stored}` +
    `<BlobType>BlockBlob</BlobType>${type}</Properties></Blob>`
  );
}
