import { describe, expect, it } from 'vitest';
import {
  deleteObject,
  listKeys,
  overwriteObject,
  readObject,
  writeObject,
} from '../../../src/control/stored-object.js';
import { Failure } from '../../../src/domain/failure.js';
import { MemoryControlStore } from '../../support/fakes/memory-control-store.js';
import { useScaledTime } from '../../support/fakes/scaled-time.js';

useScaledTime(200);

const never = new AbortController().signal;
const object = { key: 'k', maxBytes: 1_000, bytes: Buffer.from('x'), condition: 'absent' } as const;
const calls: readonly (readonly [string, (store: MemoryControlStore) => Promise<unknown>])[] = [
  ['read', (store) => readObject(store, object, never)],
  ['write', (store) => writeObject(store, object, never)],
  ['overwrite', (store) => overwriteObject(store, object, never)],
  ['list', (store) => collect(listKeys(store, 'p/', never))],
  ['delete', (store) => deleteObject(store, 'k', never)],
];

describe.each(calls)('%s', (name, call) => {
  it('is tried again while its failures may pass, six times at most', async () => {
    const { store, failWith } = failing('TargetThrottled', 3);
    await call(store);
    expect(store.requests.log.filter(({ kind }) => kind === name)).toHaveLength(4);
    failWith('TargetThrottled', Infinity);
    await expect(call(store)).rejects.toMatchObject({ failureClass: 'TargetThrottled' });
    expect(store.requests.log.filter(({ kind }) => kind === name)).toHaveLength(10);
  });

  it('is not tried again when that could not help', async () => {
    const { store } = failing('TargetForbidden', Infinity);
    await expect(call(store)).rejects.toMatchObject({ failureClass: 'TargetForbidden' });
    expect(store.requests.log).toHaveLength(1);
  });
});

describe('writeObject', () => {
  it('leaves a lost reply to its caller', async () => {
    const store = new MemoryControlStore(() => ({ fault: 'lose-reply' }));
    expect((await writeObject(store, object, never)).state).toBe('unknown');
    expect(store.requests.log).toHaveLength(1);
  });
});

describe('listKeys', () => {
  it('lists the keys of all pages', async () => {
    const store = new MemoryControlStore();
    const keys = Array.from({ length: 2_001 }, (_, index) => `p/${String(index).padStart(4, '0')}`);
    for (const key of [...keys, 'q/other']) store.objects.set(key, Buffer.from(''));
    expect(await collect(listKeys(store, 'p/', never))).toEqual(keys);
    expect(store.requests.log).toHaveLength(3);
  });

  it.each([1, 2, 7])('ends when the store returns the same %i pages for ever', async (length) => {
    let pages = 0;
    const listPage = async () => ({ keys: ['p/1'], next: String((pages += 1) % length) });
    await expect(collect(listKeys({ listPage }, 'p/', never))).rejects.toMatchObject({
      failureClass: 'TargetUnknownOutcome',
    });
    expect(pages).toBeLessThan(5 * length + 2);
  });
});

/** A store whose next `times` requests fail. */
function failing(failureClass: 'TargetThrottled' | 'TargetForbidden', times: number) {
  const store = new MemoryControlStore();
  const failWith = (of: typeof failureClass, many: number): void => {
    let left = many;
    store.requests.hook = () => {
      left -= 1;
      return left < 0 ? undefined : { fault: 'fail', failure: new Failure(of, 'no') };
    };
  };
  failWith(failureClass, times);
  return { store, failWith };
}

async function collect(keys: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const key of keys) all.push(key);
  return all;
}
