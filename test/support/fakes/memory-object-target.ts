import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Failure } from '../../../src/domain/failure.js';
import type {
  CompleteRequest,
  ListedPart,
  ObjectPage,
  ObjectTarget,
  PutRequest,
  StoredPart,
  TargetHead,
  WriteCondition,
  WriteOutcome,
} from '../../../src/pipeline/publish/object-target.js';
import { type MemoryFault, type MemoryHook, MemoryRequests } from './memory-faults.js';

type TargetRequest =
  | 'head'
  | 'put'
  | 'createUpload'
  | 'uploadPart'
  | 'listParts'
  | 'completeUpload'
  | 'abortUpload'
  | 'tags'
  | 'listPage'
  | 'get';

/** One object in memory. */
export interface MemoryObject {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly crc32: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** What a HEAD says besides. */
  readonly more?: Pick<TargetHead, 'storageClass' | 'isArchived' | 'contentType'>;
}

interface MemoryUpload {
  readonly key: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly parts: Map<number, { readonly bytes: Buffer; readonly stored: StoredPart }>;
}

/** Few, so that small listings have several pages. */
const pageObjects = 3;

/** The smallest part of S3, the last one excepted. Tests of small objects lower it. */
const partBytesMin = 5 * 1024 * 1024;

/**
 * An object target in memory with the semantics of S3: checksums are compared, conditions are checked at the moment of
 * the write, a completed upload is gone, and a refused Complete leaves it open. A lost conditional write is `unknown`;
 * any other lost request is `TargetNetwork`.
 */
export class MemoryObjectTarget implements ObjectTarget {
  readonly objects = new Map<string, MemoryObject>();
  readonly uploads = new Map<string, MemoryUpload>();
  readonly requests: MemoryRequests<TargetRequest>;
  /** What the store really keeps of an object that it acknowledges: all of it, unless a test says otherwise. */
  keep: (bytes: Buffer) => Buffer = (bytes) => bytes;
  /** Whether replies to writes repeat the CRC-32 of the request, whatever was kept. */
  echoes = false;
  readonly #partBytesMin: number;
  #uploadsCreated = 0;

  constructor(options: { readonly hook?: MemoryHook<TargetRequest>; readonly partBytesMin?: number } = {}) {
    this.requests = new MemoryRequests(options.hook);
    this.#partBytesMin = options.partBytesMin ?? partBytesMin;
  }

  async head(key: string, signal: AbortSignal): Promise<TargetHead | undefined> {
    throwFault(await this.requests.arrive('head', key, signal));
    const object = this.objects.get(key);
    if (object === undefined) return undefined;
    const { bytes, etag, crc32, metadata, more } = object;
    return { etag, bytes: bytes.length, crc32, metadata, ...more };
  }

  async put(request: PutRequest, signal: AbortSignal): Promise<WriteOutcome> {
    const bytes = Buffer.from(request.body);
    const fault = await this.requests.arrive('put', request.key, signal);
    return lossy(fault, () => {
      requireChecksum(bytes, request.crc32, `put ${request.key}`);
      const { metadata } = request;
      return this.#store(request.key, request.condition, {
        bytes,
        etag: md5Etag(bytes),
        crc32: request.crc32,
        metadata,
      });
    });
  }

  async createUpload(key: string, metadata: Readonly<Record<string, string>>, signal: AbortSignal) {
    const fault = await this.requests.arrive('createUpload', key, signal);
    if (fault?.fault !== 'lose-reply') throwFault(fault);
    this.#uploadsCreated += 1;
    const uploadId = `upload-${this.#uploadsCreated}`;
    this.uploads.set(uploadId, { key, metadata, parts: new Map() });
    throwFault(fault);
    return { uploadId };
  }

  async uploadPart(
    part: {
      readonly key: string;
      readonly uploadId: string;
      readonly number: number;
      readonly body: Uint8Array;
      readonly crc32: string;
    },
    signal: AbortSignal,
  ): Promise<StoredPart> {
    const bytes = Buffer.from(part.body);
    const fault = await this.requests.arrive('uploadPart', `${part.key}#${part.number}`, signal);
    if (fault?.fault !== 'lose-reply') throwFault(fault);
    const upload = this.#upload(part.key, part.uploadId);
    if (upload === undefined)
      throw new Failure('TargetUploadGone', `part ${part.number} of ${part.key}: no such upload`);
    requireChecksum(bytes, part.crc32, `part ${part.number} of ${part.key}`);
    const stored = { number: part.number, etag: md5Etag(bytes), bytes: bytes.length, crc32: part.crc32 };
    upload.parts.set(part.number, { bytes, stored });
    throwFault(fault);
    return stored;
  }

  async listParts(key: string, uploadId: string, signal: AbortSignal): Promise<readonly ListedPart[] | undefined> {
    throwFault(await this.requests.arrive('listParts', key, signal));
    const upload = this.#upload(key, uploadId);
    if (upload === undefined) return undefined;
    return [...upload.parts.values()].map(({ stored: { number, etag, bytes } }) => ({ number, etag, bytes }));
  }

  async completeUpload(request: CompleteRequest, signal: AbortSignal): Promise<WriteOutcome> {
    const fault = await this.requests.arrive('completeUpload', request.key, signal);
    return lossy(fault, () => {
      const upload = this.#upload(request.key, request.uploadId);
      if (upload === undefined) return { state: 'gone' };
      const object = this.#assemble(upload, request);
      const outcome = this.#store(request.key, request.condition, object);
      if (outcome.state === 'stored') this.uploads.delete(request.uploadId);
      return outcome;
    });
  }

  async abortUpload(key: string, uploadId: string, signal: AbortSignal): Promise<void> {
    const fault = await this.requests.arrive('abortUpload', key, signal);
    if (fault?.fault !== 'lose-reply') throwFault(fault);
    this.uploads.delete(uploadId);
    throwFault(fault);
  }

  async tags(key: string, signal: AbortSignal): Promise<Readonly<Record<string, string>> | undefined> {
    throwFault(await this.requests.arrive('tags', key, signal));
    const object = this.objects.get(key);
    return object && (object.tags ?? {});
  }

  async listPage(prefix: string, after: string | undefined, signal: AbortSignal): Promise<ObjectPage> {
    throwFault(await this.requests.arrive('listPage', prefix, signal));
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > (after ?? '')).sort();
    const page = keys.slice(0, pageObjects);
    const objects = page.map((key) => ({ key, bytes: this.objects.get(key)?.bytes.length ?? 0, lastModifiedMs: 0 }));
    const next = page.at(-1);
    return { objects, ...(keys.length > page.length && next !== undefined && { next }) };
  }

  async *get(key: string, etag: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    throwFault(await this.requests.arrive('get', key, signal));
    const object = this.objects.get(key);
    if (object?.etag !== etag) throw new Failure('TargetRace', `get ${key}: another version, or none`);
    const pieceBytes = 64 * 1024;
    for (let at = 0; at < object.bytes.length; at += pieceBytes) {
      signal.throwIfAborted();
      yield Buffer.from(object.bytes.subarray(at, at + pieceBytes));
    }
  }

  #upload(key: string, uploadId: string): MemoryUpload | undefined {
    const upload = this.uploads.get(uploadId);
    return upload?.key === key ? upload : undefined;
  }

  #store(key: string, condition: WriteCondition, object: MemoryObject): WriteOutcome {
    const present = this.objects.get(key);
    if (!holds(condition, present)) return { state: 'refused' };
    const kept = this.keep(object.bytes);
    const whole = kept.length === object.bytes.length;
    const stored = whole ? object : { ...object, bytes: kept, crc32: crc32Base64(kept), etag: md5Etag(kept) };
    this.objects.set(key, stored);
    return { state: 'stored', etag: stored.etag, crc32: this.echoes ? object.crc32 : stored.crc32 };
  }

  #assemble(upload: MemoryUpload, request: CompleteRequest): MemoryObject {
    const pieces = request.parts.map((part, index) => {
      const held = upload.parts.get(part.number);
      if (part.number <= (request.parts[index - 1]?.number ?? 0))
        throw new Failure('InternalPlanError', `complete ${request.key}: parts are not in ascending order`);
      if (held?.stored.etag !== part.etag || held.stored.crc32 !== part.crc32)
        throw new Failure('TargetIntegrity', `complete ${request.key}: part ${part.number} is not the stored one`);
      if (index < request.parts.length - 1 && held.bytes.length < this.#partBytesMin)
        throw new Failure('InternalPlanError', `complete ${request.key}: part ${part.number} is too small`);
      return held.bytes;
    });
    const bytes = Buffer.concat(pieces);
    if (bytes.length !== request.bytes)
      throw new Failure(
        'TargetIntegrity',
        `complete ${request.key}: ${bytes.length} bytes instead of ${request.bytes}`,
      );
    requireChecksum(bytes, request.crc32, `complete ${request.key}`);
    const digests = createHash('md5');
    for (const piece of pieces) digests.update(createHash('md5').update(piece).digest());
    const etag = `"${digests.digest('hex')}-${pieces.length}"`;
    return { bytes, etag, crc32: request.crc32, metadata: upload.metadata };
  }
}

/** Returns the CRC-32 of bytes as S3 wants it: four bytes, big-endian, in base64. */
export function crc32Base64(bytes: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
}

function holds(condition: WriteCondition, present: MemoryObject | undefined): boolean {
  if (condition.kind === 'none') return true;
  return condition.kind === 'absent' ? present === undefined : present?.etag === condition.etag;
}

function lossy(fault: MemoryFault | undefined, effect: () => WriteOutcome): WriteOutcome {
  if (fault?.fault === 'fail') throw fault.failure;
  const lost: WriteOutcome = { state: 'unknown', cause: new Error('the reply was lost') };
  if (fault?.fault === 'lose-request') return lost;
  const outcome = effect();
  return fault?.fault === 'lose-reply' ? lost : outcome;
}

function throwFault(fault: MemoryFault | undefined): void {
  if (fault === undefined) return;
  throw fault.fault === 'fail' ? fault.failure : new Failure('TargetNetwork', 'the reply was lost');
}

function requireChecksum(bytes: Buffer, expected: string, doing: string): void {
  if (crc32Base64(bytes) !== expected)
    throw new Failure('TargetIntegrity', `${doing}: the body does not match its CRC-32`);
}

function md5Etag(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}
