import { isWorthAnotherTry } from '../flow/try-again.js';
import type { ControlStore, ControlWrite } from './control-store.js';
import { sizeLimits } from './size-limits.js';

/**
 * A control store over one that ignores conditions: before each conditional write it checks whether the condition
 * holds, then writes without one. What somebody else writes between the check and the write is lost; nothing prevents
 * that. Its `write` is the only call that makes more than one request.
 */
export function lookingControlStore(store: ControlStore): ControlStore {
  return {
    read: (...request) => store.read(...request),
    overwrite: (...request) => store.overwrite(...request),
    overwriteStream: (...request) => store.overwriteStream(...request),
    readStream: (...request) => store.readStream(...request),
    listPage: (...request) => store.listPage(...request),
    delete: (...request) => store.delete(...request),

    async write(key, bytes, condition, signal): Promise<ControlWrite> {
      const present = await store.read(key, sizeLimits.ledger, signal);
      const holds = condition === 'absent' ? present === undefined : present?.etag === condition.etag;
      if (!holds) return { state: 'refused' };
      try {
        await store.overwrite(key, bytes, signal);
        // This is the ETag of what is there now, which may already be somebody else's.
        const written = await store.read(key, sizeLimits.ledger, signal);
        if (written !== undefined && Buffer.compare(written.bytes, bytes) === 0)
          return { state: 'written', etag: written.etag };
        return { state: 'unknown', cause: new Error(`${key} was overwritten by somebody else`) };
      } catch (error) {
        signal.throwIfAborted();
        if (!isWorthAnotherTry(error)) throw error;
        return { state: 'unknown', cause: error };
      }
    },
  };
}
