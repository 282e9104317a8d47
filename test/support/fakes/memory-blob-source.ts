import { createHash } from 'node:crypto';
import { Failure } from '../../../src/domain/failure.js';
import { blobLabel, type SourceBlob } from '../../../src/domain/manifest.js';
import type { ExploredSource, NamePage } from '../../../src/explore/explored-source.js';
import type {
  BlobName,
  BlobPage,
  BlobPlace,
  BlobSource,
  ListedBlob,
  PageStart,
} from '../../../src/pipeline/source/blob-source.js';
import { type MemoryHook, MemoryRequests } from './memory-faults.js';

type SourceRequest = 'list' | 'head' | 'open';

/** What happens to a request to the source: it is refused, or its body breaks with a failure after some bytes. */
export type MemorySourceFault = { readonly failure: Failure; readonly after?: number };

interface MemoryBlob {
  readonly bytes: Buffer;
  readonly listed: ListedBlob;
}

/** Compares two names, as a listing orders them. */
export type NameOrder = (a: string, b: string) => number;

const byBytes: NameOrder = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * A blob source in memory. Every version of a blob has its own ETag, and listings are ordered by the bytes of the
 * names, unless another order is given. The hook may hold, refuse or break each request; it sees names as
 * `account/container/name`.
 */
export class MemoryBlobSource implements BlobSource, ExploredSource {
  readonly requests: MemoryRequests<SourceRequest, MemorySourceFault>;
  readonly #containers = new Map<string, Map<string, MemoryBlob>>();
  /** The names of each container in the order of listings, until one is added or removed. */
  readonly #ordered = new Map<string, readonly string[]>();
  readonly #directories = new Set<string>();
  readonly #pieceBytes: number;
  readonly #pageBlobs: number;
  readonly #order: NameOrder;
  #versions = 0;

  constructor(
    options: {
      readonly hook?: MemoryHook<SourceRequest, MemorySourceFault>;
      readonly pieceBytes?: number;
      /** Blobs on a page of a listing; by default 5,000, as Azure has it. */
      readonly pageBlobs?: number;
      readonly order?: NameOrder;
    } = {},
  ) {
    this.requests = new MemoryRequests(options.hook);
    this.#pieceBytes = options.pieceBytes ?? 64 * 1024;
    this.#pageBlobs = options.pageBlobs ?? 5_000;
    this.#order = options.order ?? byBytes;
  }

  /** Creates a container. If it exists, its blobs stay. */
  addContainer(account: string, container: string): void {
    const key = `${account}/${container}`;
    if (!this.#containers.has(key)) this.#containers.set(key, new Map());
  }

  /**
   * Stores a blob, creates its container if needed, and returns the blob as a manifest would hold it. With `md5: null`
   * no MD5 is stored; a text is stored as it is, even if it is wrong.
   */
  add(blob: BlobName, bytes: Uint8Array | string, options: { readonly md5?: string | null } = {}): SourceBlob {
    const held = Buffer.from(bytes);
    this.#versions += 1;
    const md5 = options.md5 === undefined ? createHash('md5').update(held).digest('base64') : options.md5;
    const etag = `"0x${this.#versions.toString(16).toUpperCase()}"`;
    const lastModifiedMs = Date.UTC(2024, 0, 1) + this.#versions * 1_000;
    const listed = { name: blob.name, etag, bytes: held.length, md5, lastModifiedMs };
    this.addContainer(blob.account, blob.container);
    this.#ordered.delete(`${blob.account}/${blob.container}`);
    this.#containers.get(`${blob.account}/${blob.container}`)?.set(blob.name, { bytes: held, listed });
    return { ...blob, etag, bytes: held.length, md5 };
  }

  /** Makes a directory of a hierarchical namespace, creating its container. */
  addDirectory(directory: BlobName): void {
    this.addContainer(directory.account, directory.container);
    this.#directories.add(blobLabel(directory));
  }

  remove(blob: BlobName): void {
    this.#ordered.delete(`${blob.account}/${blob.container}`);
    this.#containers.get(`${blob.account}/${blob.container}`)?.delete(blob.name);
  }

  async listPage(place: BlobPlace, { marker, blobsMax }: PageStart, signal: AbortSignal): Promise<BlobPage> {
    const fault = await this.requests.arrive('list', `${place.account}/${place.container}/${place.prefix}`, signal);
    if (fault) throw fault.failure;
    const container = this.#container(place);
    const names = this.#namesBelow(place, container);
    // The marker is the last name of the page before, so that a listing continues even if names are added and removed.
    const start = marker === undefined ? 0 : firstAfter(names, marker, this.#order);
    const pageBlobs = Math.min(blobsMax ?? this.#pageBlobs, this.#pageBlobs);
    const page = names.slice(start, start + pageBlobs).flatMap((name) => container.get(name)?.listed ?? []);
    const isLast = start + pageBlobs >= names.length;
    const last = page.at(-1)?.name;
    if (isLast || last === undefined) return { blobs: page, next: undefined };
    return { blobs: page, next: { marker: last, ...(blobsMax === undefined ? {} : { blobsMax }) } };
  }

  async listContainers(account: string, { marker = '' }: PageStart, signal: AbortSignal): Promise<NamePage> {
    const fault = await this.requests.arrive('list', account, signal);
    if (fault) throw fault.failure;
    const names = [...this.#containers.keys()].filter((key) => key.startsWith(`${account}/`));
    return this.#namePage(names.map((key) => key.slice(account.length + 1)).sort(), marker);
  }

  async listFolders(place: BlobPlace, { marker = '' }: PageStart, signal: AbortSignal): Promise<NamePage> {
    const fault = await this.requests.arrive('list', `${place.account}/${place.container}/${place.prefix}`, signal);
    if (fault) throw fault.failure;
    const folders = [...this.#container(place).keys()].flatMap((name) => {
      const slash = name.indexOf('/', place.prefix.length);
      return name.startsWith(place.prefix) && slash >= 0 ? [name.slice(0, slash + 1)] : [];
    });
    return this.#namePage([...new Set(folders)].sort(), marker);
  }

  #namePage(all: readonly string[], marker: string): NamePage {
    const names = all.filter((name) => name > marker).slice(0, this.#pageBlobs);
    const last = names.at(-1);
    return { names, next: last === undefined || last === all.at(-1) ? undefined : { marker: last } };
  }

  async head(name: BlobName, signal: AbortSignal): Promise<ListedBlob | 'directory' | undefined> {
    const fault = await this.requests.arrive('head', blobLabel(name), signal);
    if (fault) throw fault.failure;
    if (this.#directories.has(blobLabel(name))) return 'directory';
    return this.#container(name).get(name.name)?.listed;
  }

  async *open(blob: SourceBlob, signal: AbortSignal, offset = 0): AsyncGenerator<Uint8Array> {
    const fault = await this.requests.arrive('open', blobLabel(blob), signal);
    if (fault?.after === undefined && fault) throw fault.failure;
    const held = this.#container(blob).get(blob.name);
    if (held === undefined) throw new Failure('SourceMissing', `read ${blobLabel(blob)}: it is gone`, about(blob));
    if (held.listed.etag !== blob.etag)
      throw new Failure('SourceChanged', `read ${blobLabel(blob)}: it was replaced`, about(blob));
    const end = Math.min(held.bytes.length, offset + (fault?.after ?? Infinity));
    for (let at = offset; at < end; at += this.#pieceBytes) {
      signal.throwIfAborted();
      yield Buffer.from(held.bytes.subarray(at, Math.min(end, at + this.#pieceBytes)));
    }
    if (fault !== undefined) throw fault.failure;
    requireSame(held.bytes, offset === 0 ? blob : { ...blob, md5: null });
  }

  #namesBelow({ account, container, prefix }: BlobPlace, blobs: ReadonlyMap<string, MemoryBlob>): readonly string[] {
    const key = `${account}/${container}`;
    const ordered = this.#ordered.get(key) ?? [...blobs.keys()].sort(this.#order);
    this.#ordered.set(key, ordered);
    if (this.#order !== byBytes) return ordered.filter((name) => name.startsWith(prefix));
    // The names below a prefix are contiguous.
    const isBelow = (name: string): boolean => name.startsWith(prefix);
    const start = prefix === '' ? 0 : firstAfter(ordered, prefix, (a, b) => (isBelow(a) ? 1 : byBytes(a, b)));
    const end = firstAfter(ordered, prefix, (a, b) => (isBelow(a) ? -1 : byBytes(a, b)));
    return ordered.slice(start, end);
  }

  #container(place: { readonly account: string; readonly container: string }): Map<string, MemoryBlob> {
    const container = this.#containers.get(`${place.account}/${place.container}`);
    if (container === undefined)
      throw new Failure('SourceMissing', `container ${place.account}/${place.container} does not exist`);
    return container;
  }
}

/** Returns the position of the first name after another, by bisection. */
function firstAfter(names: readonly string[], marker: string, order: NameOrder): number {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(names[middle] ?? '', marker) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function requireSame(bytes: Buffer, blob: SourceBlob): void {
  if (bytes.length !== blob.bytes)
    throw new Failure('SourceLengthMismatch', `read ${blobLabel(blob)}: ${bytes.length} bytes`, about(blob));
  if (blob.md5 !== null && createHash('md5').update(bytes).digest('base64') !== blob.md5)
    throw new Failure('SourceMd5Mismatch', `read ${blobLabel(blob)}: its MD5 differs`, about(blob));
}

function about(blob: SourceBlob): { readonly blob: string } {
  return { blob: blobLabel(blob) };
}
