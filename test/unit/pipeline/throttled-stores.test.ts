import { describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../src/domain/failure.js';
import { StoreThrottle } from '../../../src/flow/store-throttle.js';
import { settled } from '../../../src/flow/settled.js';
import { StoreThrottles } from '../../../src/flow/store-throttles.js';
import { throttledTarget } from '../../../src/pipeline/publish/throttled-target.js';
import { throttledSource } from '../../../src/pipeline/source/throttled-source.js';
import { Flag } from '../../support/fakes/flag.js';
import { MemoryBlobSource } from '../../support/fakes/memory-blob-source.js';
import { crc32Base64, MemoryObjectTarget } from '../../support/fakes/memory-object-target.js';
import { joinAll } from '../../support/fakes/async-bytes.js';
import { useScaledTime } from '../../support/fakes/scaled-time.js';

const running = new AbortController().signal;
const place = { account: 'east', container: 'c', prefix: '' };

// More than one request in eight, of the last fifty.
const enough = 7;

useScaledTime(200);

describe('a source that throttles', () => {
  function throttled() {
    const memory = new MemoryBlobSource();
    const blob = memory.add({ account: 'east', container: 'c', name: 'a' }, 'text');
    const throttles = new StoreThrottles();
    const source = throttledSource(memory, (account) => throttles.of(account));
    return { memory, blob, throttles, source };
  }

  it.each(['list', 'head', 'open'] as const)('is throttled by a refused %s, and no other account is', async (kind) => {
    const { memory, blob, throttles, source } = throttled();
    memory.requests.hook = () => ({ failure: new Failure('SourceThrottled', 'busy') });
    const requests = {
      list: () => source.listPage(place, {}, running),
      head: () => source.head(blob, running),
      open: () => joinAll(source.open(blob, running)),
    };
    for (let refusal = 0; refusal < enough; refusal += 1) await expect(requests[kind]()).rejects.toThrow('busy');
    expect(throttles.of('east').limit).toBeDefined();
    expect(throttles.of('west').limit).toBeUndefined();
  });

  it('is not throttled by other failures, for they say nothing about its rate', async () => {
    const { memory, throttles, source } = throttled();
    memory.requests.hook = () => ({ failure: new Failure('SourceNetwork', 'reset') });
    for (let failure = 0; failure < enough; failure += 1)
      await expect(source.listPage(place, {}, running)).rejects.toThrow('reset');
    expect(throttles.of('east').limit).toBeUndefined();
  });

  it.each(['list', 'head', 'open'] as const)('is silent while a %s waits, and no other account is', async (kind) => {
    const { memory, blob, throttles, source } = throttled();
    const answer = new Flag();
    const asked = new Flag();
    memory.requests.hook = async () => {
      asked.raise();
      await answer.raised;
      return undefined;
    };
    const requests = {
      list: () => source.listPage(place, {}, running),
      head: () => source.head(blob, running),
      open: () => joinAll(source.open(blob, running)),
    };
    const request = requests[kind]();
    await asked.raised;
    expect(throttles.of('east').silence.lastedMs).toBeGreaterThan(0);
    expect(throttles.of('west').silence.lastedMs).toBeUndefined();
    answer.raise();
    await request;
    expect(throttles.of('east').silence.lastedMs).toBeUndefined();
  });

  it('gets requests at the rate that it accepts', async () => {
    const { memory, throttles, source } = throttled();
    memory.requests.hook = () => ({ failure: new Failure('SourceThrottled', 'busy') });
    for (let refusal = 0; refusal < enough; refusal += 1)
      await expect(source.listPage(place, {}, running)).rejects.toThrow('busy');
    memory.requests.hook = () => undefined;
    const { perSecond = 0 } = throttles.of('east').limit ?? {};
    const startedMs = performance.now();
    for (let request = 0; request < 4; request += 1) await source.listPage(place, {}, running);
    expect(performance.now() - startedMs).toBeGreaterThan(1_000 / (perSecond * 2));
  });
});

describe('a target that throttles', () => {
  const put = {
    ...{ key: 'k', body: Buffer.from('x'), crc32: crc32Base64(Buffer.from('x')), metadata: {} },
    condition: { kind: 'absent' } as const,
  };

  it('is throttled by a refusal, also if nobody knows whether a write took effect', async () => {
    for (const fault of ['fail', 'unknown'] as const) {
      const memory = new MemoryObjectTarget({});
      const failure = new Failure('TargetThrottled', 'slow down');
      const throttle = new StoreThrottle();
      memory.put = () =>
        fault === 'fail' ? Promise.reject(failure) : Promise.resolve({ state: 'unknown', cause: failure });
      const target = throttledTarget(memory, throttle);
      for (let refusal = 0; refusal < enough; refusal += 1) await settled(target.put(put, running));
      expect(throttle.limit, fault).toBeDefined();
    }
  });

  it('is silent while a HEAD waits, but not while a body may still be on its way to it', async () => {
    const memory = new MemoryObjectTarget({});
    const throttle = new StoreThrottle();
    const target = throttledTarget(memory, throttle);
    const never = new Promise<never>(() => undefined);
    memory.put = () => never;
    memory.head = () => never;
    void target.put({ ...put, body: Buffer.alloc(100 * 1024 * 1024) }, running);
    // A turn later it has been asked.
    await Promise.resolve();
    expect(throttle.silence.lastedMs).toBeUndefined();
    const other = new StoreThrottle();
    void throttledTarget(memory, other).head('k', running);
    await vi.waitFor(() => expect(other.silence.lastedMs).toBeGreaterThan(0));
  });

  it('is not throttled by a condition that does not hold', async () => {
    const throttle = new StoreThrottle();
    const target = throttledTarget(new MemoryObjectTarget({}), throttle);
    expect(await target.put(put, running)).toMatchObject({ state: 'stored' });
    expect(await target.put(put, running)).toMatchObject({ state: 'refused' });
    expect(throttle.limit).toBeUndefined();
  });
});
