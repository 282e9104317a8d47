import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/domain/failure.js';
import { probeConditionalWrites } from '../../../src/probes/target/probe-conditional-writes.js';
import { MemoryControlStore } from '../../support/fakes/memory-control-store.js';
import { useScaledTime } from '../../support/fakes/scaled-time.js';

useScaledTime(200);

const never = new AbortController().signal;
const probe = (store: MemoryControlStore) => probeConditionalWrites(store, '.longhaul/orders', never);

/** A store that takes writes whose condition of this kind does not hold. */
function ignoring(kind: 'absent' | 'etag'): MemoryControlStore {
  const store = new MemoryControlStore();
  const write = store.write.bind(store);
  store.write = async (key, bytes, condition, signal) => {
    if ((condition === 'absent') === (kind === 'absent')) store.objects.delete(key);
    return write(key, bytes, (condition === 'absent') === (kind === 'absent') ? 'absent' : condition, signal);
  };
  return store;
}

describe('probeConditionalWrites', () => {
  it('accepts a store that honours conditions, and leaves nothing behind', async () => {
    const store = new MemoryControlStore();
    await probe(store);
    expect(store.objects.size).toBe(0);
    expect(store.requests.log.every(({ name }) => name.startsWith('.longhaul/orders/probe-'))).toBe(true);
  });

  it.each([
    ['absent', /If-None-Match/],
    ['etag', /If-Match/],
  ] as const)(
    'refuses a store that ignores conditions of kind %s, and leaves nothing behind',
    async (kind, message) => {
      const store = ignoring(kind);
      const probing = probe(store);
      await expect(probing).rejects.toMatchObject({ failureClass: 'TargetCapability' });
      await expect(probing).rejects.toThrow(message);
      expect(store.objects.size).toBe(0);
    },
  );

  it.each(['lose-request', 'lose-reply'] as const)('is not misled by a lost write: %s', async (fault) => {
    for (const lost of [0, 1, 2]) {
      const store = new MemoryControlStore(({ kind, count }) =>
        kind === 'write' && count === lost ? { fault } : undefined,
      );
      await expect(probe(store)).resolves.toBeUndefined();
    }
  });

  it.each(['absent', 'etag'] as const)('is not misled by a lost reply of a store that ignores %s', async (kind) => {
    for (const lost of [0, 1, 2]) {
      const store = ignoring(kind);
      store.requests.hook = ({ kind: request, count }) =>
        request === 'write' && count === lost ? { fault: 'lose-reply' } : undefined;
      await expect(probe(store)).rejects.toMatchObject({ failureClass: 'TargetCapability' });
    }
  });

  it('reports that it may not write, and still tidies up', async () => {
    const store = new MemoryControlStore(({ kind }) =>
      kind === 'write' ? { fault: 'fail', failure: new Failure('TargetForbidden', 'no') } : undefined,
    );
    await expect(probe(store)).rejects.toMatchObject({ failureClass: 'TargetForbidden' });
    expect(store.requests.count('delete')).toBe(1);
  });
});
