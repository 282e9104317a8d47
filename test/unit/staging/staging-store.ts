import { createHash } from 'node:crypto';
import type { ControlStore, ControlWrite, KeyPage } from '../../../src/control/control-store.js';

/** A control store in memory that keeps to the contract of the port; `onWrite` may answer in its place. */
export class MemoryStore implements ControlStore {
  readonly objects = new Map<string, Uint8Array>();
  readonly calls: string[] = [];
  inFlight = 0;
  inFlightMax = 0;
  onWrite: (apply: () => ControlWrite) => ControlWrite = (apply) => apply();
  onOverwrite: (key: string) => Promise<void> = () => Promise.resolve();

  async read(key: string) {
    this.calls.push(`read ${key}`);
    const bytes = this.objects.get(key);
    return bytes === undefined ? undefined : { bytes, etag: etagOf(bytes) };
  }

  async write(key: string, bytes: Uint8Array, condition: 'absent' | { readonly etag: string }): Promise<ControlWrite> {
    this.calls.push(`write ${key}`);
    return this.onWrite(() => {
      const there = this.objects.get(key);
      const holds =
        condition === 'absent' ? there === undefined : there !== undefined && etagOf(there) === condition.etag;
      if (!holds) return { state: 'refused' };
      this.objects.set(key, bytes);
      return { state: 'written', etag: etagOf(bytes) };
    });
  }

  async overwrite(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    this.calls.push(`overwrite ${key}`);
    this.inFlight += 1;
    this.inFlightMax = Math.max(this.inFlightMax, this.inFlight);
    try {
      await this.onOverwrite(key);
      signal.throwIfAborted();
      this.objects.set(key, bytes);
    } finally {
      this.inFlight -= 1;
    }
  }

  async overwriteStream(): Promise<void> {
    throw new Error('a slice has a known length');
  }

  readStream(): AsyncIterable<Uint8Array> {
    throw new Error('a slice is read as a whole');
  }

  async listPage(): Promise<KeyPage> {
    throw new Error('staging lists nothing');
  }

  async delete(): Promise<void> {
    throw new Error('staging deletes nothing');
  }
}

const etagOf = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
