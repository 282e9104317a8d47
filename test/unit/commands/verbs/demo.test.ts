import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  claimDemoDirectory,
  forgetDemoRecords,
  readDemoRecords,
  removeDemoDirectories,
} from '../../../../src/commands/stack/demo-directory.js';
import { demoName, isDemoName } from '../../../../src/commands/stack/demo-name.js';
import { uploadDemo } from '../../../../src/commands/verbs/demo/upload-demo.js';
import { verifyObjects } from '../../../../src/commands/verbs/demo/verify-objects.js';
import { wipeDemos } from '../../../../src/commands/verbs/demo/wipe-demos.js';
import type { DemoStores } from '../../../../src/commands/ports/store-ports.js';
import type { ExpectedUnit } from '../../../../src/local/demo-data/expected-unit.js';
import { fakeContext } from '../fake-context.js';
import { fakeTemporal } from '../sample-documents.js';

describe('the name of a demo', () => {
  it('is demo, then demo-2, and is recognised', () => {
    expect([1, 2, 11].map(demoName)).toEqual(['demo', 'demo-2', 'demo-11']);
    expect(['demo', 'demo-2', 'demo-11'].every(isDemoName)).toBe(true);
    expect(['demo-', 'demo-1', 'demo-02', 'demos', 'my-demo'].some(isDemoName)).toBe(false);
  });
});

describe('the directory of a demo', () => {
  let stateDir: string;
  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'longhaul-demo-'));
  });
  afterEach(() => rm(stateDir, { recursive: true }));
  const claim = async (taken: readonly string[] = []) =>
    (await claimDemoDirectory(stateDir, 20, async (name) => taken.includes(name))).name;

  it('has the first name that no directory has and that is not taken elsewhere', async () => {
    expect([await claim(), await claim(['demo-2', 'demo-3']), await claim()]).toEqual(['demo', 'demo-4', 'demo-5']);
  });

  it('is different for each of two demos at once', async () => {
    expect((await Promise.all([claim(), claim(), claim()])).sort()).toEqual(['demo', 'demo-2', 'demo-3']);
  });

  it('is removed with its record, but not what a user put beside it', async () => {
    await claim();
    expect(await readDemoRecords(stateDir)).toEqual([{ name: 'demo', units: 20 }]);
    await mkdir(join(stateDir, 'demos', 'mine'));
    await removeDemoDirectories(stateDir);
    expect(await readdir(join(stateDir, 'demos'))).toEqual(['mine']);
    expect(await readDemoRecords(stateDir)).toEqual([]);
  });

  it('stays without its record once the stores are gone, and keeps its name', async () => {
    await claim();
    await forgetDemoRecords(stateDir);
    expect(await readDemoRecords(stateDir)).toEqual([]);
    expect(await claim()).toBe('demo-2');
  });

  it('is not there before the first demo', async () => {
    expect(await readDemoRecords(join(stateDir, 'nowhere'))).toEqual([]);
  });

  it('left without a record by a name that was taken does not count as a demo', async () => {
    await mkdir(join(stateDir, 'demos', 'demo'), { recursive: true });
    await writeFile(join(stateDir, 'demos', 'demo', 'migration.yaml'), '');
    expect(await readDemoRecords(stateDir)).toEqual([]);
    expect(await claim()).toBe('demo-2');
  });
});

// Compressing takes seconds, and many times that on a busy machine.
describe('the data of a demo', { timeout: 120_000 }, () => {
  it('is in containers of its own, beside those of demos of other sizes, and all of it is wiped', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'longhaul-demo-'));
    const context = fakeContext();
    const containers = new Set<string>();
    const strays: string[] = [];
    const stores: DemoStores = {
      ensureBucket: async () => {},
      ensureContainer: async ({ account, container }) => void containers.add(`${account}/${container}`),
      deleteContainer: async ({ account, container }) => {
        if (!containers.delete(`${account}/${container}`)) strays.push(`${account}/${container}`);
      },
      putBlob: async ({ account, container }) => {
        if (!containers.has(`${account}/${container}`)) strays.push(`${account}/${container}`);
      },
      async *listKeys() {},
      async *readObject() {},
      deleteObject: async () => {},
      close: () => undefined,
    };
    const azure = ['prodeast', 'prodwest', 'prodlate'].map((name) => ({
      ...{ name, key: '', endpoint: `http://127.0.0.1:10000/${name}`, connectionString: '' },
    }));
    const s3 = { endpoint: 'http://127.0.0.1:8333', region: 'us-east-1', accessKeyId: '', secretAccessKey: '' };
    try {
      for (const units of [1, 2]) {
        const directory = await claimDemoDirectory(stateDir, units, async () => false);
        await uploadDemo(context, { directory, units, stores, stack: { azure, s3 } });
      }
      expect([...containers].filter((name) => name.endsWith('-demo'))).toHaveLength(5);
      expect([...containers].filter((name) => name.endsWith('-demo-2'))).toHaveLength(5);
      const { signal } = context;
      await wipeDemos({ stateDir, stores, temporal: fakeTemporal([undefined]), signal });
      expect({ containers: [...containers], strays }).toEqual({ containers: [], strays: [] });
    } finally {
      await rm(stateDir, { recursive: true });
    }
  });
});

describe('the verification of a demo', () => {
  const objects = new Map<string, Uint8Array>();
  beforeEach(() => {
    objects.clear();
    for (const name of ['a', 'b']) objects.set(`demo/${name}`, gzipSync(`text of ${name}`));
  });

  async function verify(expected: readonly ExpectedUnit[] = [unit('a'), unit('b')]) {
    return verifyObjects({
      expected: (async function* () {
        yield* expected;
      })(),
      keyPrefix: 'demo/',
      stores: {
        async *listKeys(prefix) {
          yield* [...objects.keys()].filter((key) => key.startsWith(prefix));
        },
        async *readObject(key) {
          // In two pieces, because the network may deliver it so.
          yield objects.get(key)!.subarray(0, 7);
          yield objects.get(key)!.subarray(7);
        },
      },
      progress: () => undefined,
      signal: new AbortController().signal,
    });
  }

  it('finds nothing when everything is as it was generated', async () => {
    objects.set('demo-2/a', gzipSync('of another demo'));
    expect(await verify()).toMatchObject({ objects: 2, bytes: { raw: 18 }, differences: 0, firstDifferences: [] });
  });

  it.each([
    ['an object that is missing', () => objects.delete('demo/b'), 'demo/b: there is no object for unit b'],
    ['an object more', () => objects.set('demo/c', gzipSync('')), 'demo/c: no unit has this key'],
    ['another length', () => objects.set('demo/a', gzipSync('text')), 'demo/a: it holds 4 bytes of unit a, not 9'],
    [
      'another byte',
      () => objects.set('demo/a', gzipSync('text of b')),
      /^demo\/a: its SHA-256 is \w{64}, not \w{64}$/,
    ],
    [
      'bytes that are no gzip',
      () => objects.set('demo/a', Buffer.from('no gzip at all')),
      /^demo\/a: it cannot be inflated/,
    ],
    [
      'a cut object',
      () => objects.set('demo/a', gzipSync('text of a').subarray(0, -3)),
      /^demo\/a: it cannot be inflated/,
    ],
  ])('finds %s', async (_what, change, difference) => {
    change();
    const { differences, firstDifferences } = await verify();
    expect({ differences, firstDifferences }).toEqual({
      differences: 1,
      firstDifferences: [typeof difference === 'string' ? difference : expect.stringMatching(difference)],
    });
  });

  it('finds an object of a unit that cannot be complete', async () => {
    const { state: _state, rawBytes: _raw, sha256: _sha, crc32: _crc, ...common } = unit('b');
    const failed: ExpectedUnit = { ...common, state: 'failed', class: 'CorruptInput/Truncated', badBlob: null };
    expect(await verify([unit('a'), failed])).toMatchObject({ objects: 1, differences: 1 });
    objects.delete('demo/b');
    expect(await verify([unit('a'), failed])).toMatchObject({ objects: 1, differences: 0 });
  });

  it('throws what is not a difference: a store that does not answer', async () => {
    objects.set('demo/a', undefined as never);
    await expect(verify()).rejects.toBeInstanceOf(TypeError);
  });
});

function unit(name: string): Extract<ExpectedUnit, { state: 'done' }> {
  const text = `text of ${name}`;
  return {
    ...{ index: 0, id: name, key: `demo/${name}`, blobs: 1, wantedBlobNames: [], state: 'done' },
    ...{ rawBytes: text.length, sha256: createHash('sha256').update(text).digest('hex'), crc32: '00000000' },
  };
}
