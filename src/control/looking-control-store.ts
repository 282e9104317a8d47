import type { ControlStore, ControlWrite } from './control-store.js';
import { isWorthAnotherTry } from '../flow/try-again.js';

/**
 * A control store for a store that ignores conditions: before each conditional write it looks whether the condition holds, and then writes
 * without one. What somebody else writes between the look and the write is overwritten: nothing promises that this does not happen.
 */
export function lookingControlStore(store: ControlStore): ControlStore {
  return {
    read: (...request) => store.read(...request),
    overwrite: (...request) => store.overwrite(...request),
    list: (...request) => store.list(...request),
    delete: (...request) => store.delete(...request),

    async write(key, bytes, condition, signal): Promise<ControlWrite> {
      const present = await store.read(key, signal);
      const holds = condition === 'absent' ? present === undefined : present?.etag === condition.etag;
      if (!holds) return { state: 'refused' };
      try {
        await store.overwrite(key, bytes, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!isWorthAnotherTry(error)) throw error;
        return { state: 'unknown', cause: error };
      }
      // The ETag is the one of what is there now, which may be another's already.
      const written = await store.read(key, signal);
      const isOurs = written !== undefined && Buffer.compare(written.bytes, bytes) === 0;
      return isOurs
        ? { state: 'written', etag: written.etag }
        : { state: 'unknown', cause: new Error(`${key} was overwritten by somebody else`) };
    },
  };
}
