import { createHash } from 'node:crypto';
import { Failure } from '../../../src/domain/failure.js';
import type {
  ControlObject,
  ControlStore,
  ControlWrite,
  KeyPage,
  StreamedObject,
} from '../../../src/control/control-store.js';
import { type MemoryFault, type MemoryHook, MemoryRequests } from './memory-faults.js';

type ControlRequest = 'read' | 'write' | 'overwrite' | 'list' | 'delete';

/**
 * A control store in memory with the semantics of S3: an ETag is the MD5 of the content, and conditions are checked at
 * the moment of the write. The hook may hold, refuse or lose each request. A lost `write` is `unknown`; any other lost
 * request is `TargetNetwork`.
 */
export class MemoryControlStore implements ControlStore {
  readonly objects = new Map<string, Buffer>();
  readonly requests: MemoryRequests<ControlRequest>;

  constructor(hook?: MemoryHook<ControlRequest>) {
    this.requests = new MemoryRequests(hook);
  }

  async read(key: string, maxBytes: number, signal: AbortSignal): Promise<ControlObject | undefined> {
    throwFault(await this.requests.arrive('read', key, signal));
    const bytes = this.objects.get(key);
    if (bytes === undefined) return undefined;
    if (bytes.length > maxBytes)
      throw new Failure(
        'LedgerMismatch',
        `${key} in the control bucket is damaged: it has more than ${maxBytes} bytes`,
      );
    return { bytes: Buffer.from(bytes), etag: etagOf(bytes) };
  }

  async write(
    key: string,
    bytes: Uint8Array,
    condition: 'absent' | { readonly etag: string },
    signal: AbortSignal,
  ): Promise<ControlWrite> {
    const sent = Buffer.from(bytes);
    const fault = await this.requests.arrive('write', key, signal);
    if (fault?.fault === 'fail') throw fault.failure;
    const lost: ControlWrite = { state: 'unknown', cause: new Error('the reply was lost') };
    if (fault?.fault === 'lose-request') return lost;
    const present = this.objects.get(key);
    const holds = condition === 'absent' ? present === undefined : present && etagOf(present) === condition.etag;
    if (holds) this.objects.set(key, sent);
    if (fault?.fault === 'lose-reply') return lost;
    return holds ? { state: 'written', etag: etagOf(sent) } : { state: 'refused' };
  }

  async overwrite(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const sent = Buffer.from(bytes);
    const fault = await this.requests.arrive('overwrite', key, signal);
    if (fault?.fault === 'lose-reply') this.objects.set(key, sent);
    throwFault(fault);
    this.objects.set(key, sent);
  }

  async overwriteStream({ key, pieces, again }: StreamedObject, signal: AbortSignal): Promise<void> {
    const bytes: Uint8Array[] = [];
    for await (const piece of pieces) {
      signal.throwIfAborted();
      bytes.push(Uint8Array.from(piece));
    }
    await again(() => this.overwrite(key, Buffer.concat(bytes), signal));
  }

  async *readStream(key: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const object = await this.read(key, Infinity, signal);
    if (object === undefined)
      throw new Failure('TargetRace', `read ${key}: it was replaced or deleted in the meantime`);
    for (let at = 0; at < object.bytes.length; at += 65_536) yield object.bytes.subarray(at, at + 65_536);
  }

  async listPage(prefix: string, after: string | undefined, signal: AbortSignal): Promise<KeyPage> {
    throwFault(await this.requests.arrive('list', prefix, signal));
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    const rest = after === undefined ? keys : keys.filter((key) => key > after);
    const page = rest.slice(0, pageKeysMax);
    return { keys: page, ...(page.length < rest.length ? { next: page.at(-1)! } : {}) };
  }

  async delete(key: string, signal: AbortSignal): Promise<void> {
    const fault = await this.requests.arrive('delete', key, signal);
    if (fault?.fault === 'lose-reply') this.objects.delete(key);
    throwFault(fault);
    this.objects.delete(key);
  }
}

// As S3 has it; small enough for tests to exceed it.
const pageKeysMax = 1_000;

function etagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

function throwFault(fault: MemoryFault | undefined): void {
  if (fault === undefined) return;
  throw fault.fault === 'fail' ? fault.failure : new Failure('TargetNetwork', 'the reply was lost');
}
