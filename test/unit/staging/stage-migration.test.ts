import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseDefinition } from '../../../src/definition/parse-definition.js';
import { recordJson } from '../../../src/control/stored-record.js';
import { stageMigration } from '../../../src/staging/stage-migration.js';
import type { UnitLine } from '../../../src/definition/units/unit-line.js';
import { Failure } from '../../../src/domain/failure.js';
import type { MigrationRecord } from '../../../src/domain/stored/migration-record.js';
import { exampleFile, exampleWith } from '../definition/example-file.js';
import { MemoryStore } from './staging-store.js';

const recordKey = '.longhaul/orders/r0000/migration.json';
let temporaryDirectory: string;
let store: MemoryStore;
beforeAll(() => {
  temporaryDirectory = mkdtempSync(join(tmpdir(), 'longhaul-staging-test-'));
});
beforeEach(() => {
  store = new MemoryStore();
});
afterAll(() => rmSync(temporaryDirectory, { recursive: true }));

describe('staging a migration', () => {
  it('writes every slice first and the record last', async () => {
    const outcome = await stage();
    expect(outcome.state).toBe('staged');
    expect(store.calls.at(-1)).toBe(`write ${recordKey}`);
    expect(store.calls.filter((call) => call.startsWith('overwrite'))).toHaveLength(3);
    expect(stored()).toEqual(outcome.record);
    expect(outcome.record).toMatchObject({
      format: 1,
      name: 'orders',
      round: 0,
      layout: { units: 20, slices: 3, unitsPerSlice: 8 },
      version: '1.2.3',
      stagedAt: '2026-01-02T03:04:05.000Z',
    });
    const { unitsDigest } = outcome.record;
    const lines = gunzipSync(object(`.longhaul/orders/r0000/units-${unitsDigest}/p0000/s0001.ndjson.gz`)).toString();
    expect(JSON.parse(lines.split('\n')[0]!)).toEqual({
      index: 8,
      id: 't8/2019-07',
      key: 'orders/t8/2019-07.json.gz',
      fields: { tenant: 't8', month: '2019-07' },
    });
  });

  it('gives each staged migration an id of its own, which a safe change keeps', async () => {
    const { record } = await stage();
    expect(record.id).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    const changed = await stage({
      definition: exampleWith('name: orders', 'name: orders\nspeed: { unitsInFlight: 2 }'),
    });
    expect(changed.record.id).toBe(record.id);
    store = new MemoryStore();
    expect((await stage()).record.id).not.toBe(record.id);
  });

  it('attaches to what is there with equal digests, and writes nothing', async () => {
    const { record } = await stage();
    store.calls.length = 0;
    expect(await stage()).toEqual({ state: 'attached', record });
    expect(store.calls).toEqual([`read ${recordKey}`]);
  });

  it('puts a safe change in force without staging units again', async () => {
    await stage();
    store.calls.length = 0;
    const outcome = await stage({
      definition: exampleWith('name: orders', 'name: orders\nspeed: { unitsInFlight: 2 }'),
    });
    expect(outcome).toMatchObject({
      state: 'changed',
      safe: true,
      differences: [{ path: 'speed.unitsInFlight', before: 'auto', after: 2 }],
    });
    expect(stored().definition.speed.unitsInFlight).toBe(2);
    expect(stored().stagedAt).toBe(outcome.record.stagedAt);
    expect(store.calls.filter((call) => call.startsWith('overwrite'))).toEqual([]);
  });

  it('refuses another definition with what differs, and writes nothing', async () => {
    await stage();
    const before = text(recordKey);
    const outcome = await stage({ definition: exampleWith('orders/{{', 'order/{{') });
    expect(outcome).toMatchObject({ state: 'changed', safe: false, differences: [{ path: 'target.key' }] });
    expect(text(recordKey)).toBe(before);
  });

  it('refuses other units with what differs', async () => {
    await stage();
    const outcome = await stage({ units: units(21) });
    expect(outcome).toMatchObject({ state: 'changed', safe: false });
    expect(outcome.state === 'changed' && outcome.differences).toMatchObject([
      {
        path: 'units.csv',
        before: expect.stringMatching(/^20 units, digest /),
        after: expect.stringMatching(/^21 units/),
      },
    ]);
  });

  it('settles a lost reply by reading back: written all the same', async () => {
    store.onWrite = (apply) => {
      apply();
      return { state: 'unknown', cause: new Error('reset') };
    };
    const outcome = await stage();
    expect(outcome.state).toBe('staged');
    expect(stored()).toEqual(outcome.record);
  });

  it('settles a lost reply by reading back: not written, so written again', async () => {
    let lost = 2;
    store.onWrite = (apply) => {
      lost -= 1;
      return lost >= 0 ? { state: 'unknown', cause: new Error('reset') } : apply();
    };
    expect((await stage()).state).toBe('staged');
    expect(store.calls.filter((call) => call.startsWith('overwrite'))).toHaveLength(3);
  });

  it('settles a lost reply of a safe change too', async () => {
    await stage();
    store.onWrite = (apply) => {
      apply();
      return { state: 'unknown', cause: new Error('reset') };
    };
    const outcome = await stage({
      definition: exampleWith('name: orders', 'name: orders\nspeed: { unitsInFlight: 2 }'),
    });
    expect(outcome).toMatchObject({ state: 'changed', safe: true });
  });

  it('attaches when another start commits in between', async () => {
    const other = new MemoryStore();
    await stage({ store: other, now: '2026-01-01T00:00:00Z' });
    store.onWrite = (apply) => {
      if (!store.objects.has(recordKey)) store.objects.set(recordKey, other.objects.get(recordKey)!);
      return apply();
    };
    expect(await stage()).toMatchObject({ state: 'attached', record: { stagedAt: '2026-01-01T00:00:00.000Z' } });
  });

  it('gives up after five lost replies', async () => {
    store.onWrite = () => ({ state: 'unknown', cause: new Error('reset') });
    await expect(stage()).rejects.toThrow(expect.objectContaining({ failureClass: 'TargetUnknownOutcome' }));
    expect(store.calls.filter((call) => call.startsWith('write'))).toHaveLength(5);
  });

  it('leaves a record of a newer Longhaul alone', async () => {
    store.objects.set(recordKey, Buffer.from('{"format":2,"other":true}'));
    await expect(stage()).rejects.toThrow(
      expect.objectContaining({
        failureClass: 'FormatTooNew',
        message: `${recordKey} in the control bucket has format 2, and this version of Longhaul reads up to 1`,
      }),
    );
  });

  it.each(['nonsense', '[]', '{}'])('refuses a control prefix that holds something else: %s', async (content) => {
    store.objects.set(recordKey, Buffer.from(content));
    await expect(stage()).rejects.toThrow('is not the record of a migration');
  });

  it('writes at most eight slices at a time and stops at the first failure', async () => {
    const eightAreThere = new Promise<void>((resolve) => {
      store.onOverwrite = async () => {
        if (store.inFlight < 8) return eightAreThere;
        // A ninth would begin now.
        await setImmediate();
        resolve();
      };
    });
    await stage({ units: units(300) });
    expect(store.inFlightMax).toBe(8);

    store = new MemoryStore();
    store.onOverwrite = (key) =>
      key.endsWith('p0001/s0000.ndjson.gz') ? Promise.reject(new Failure('TargetForbidden', 'no')) : Promise.resolve();
    await expect(stage({ units: units(300) })).rejects.toThrow(
      expect.objectContaining({ failureClass: 'TargetForbidden' }),
    );
    expect(store.inFlight).toBe(0);
    expect(store.objects.has(recordKey)).toBe(false);
    expect(store.calls.length).toBeLessThan(30);
  });

  it('ends with the reason of the signal, and leaves no temporary file whatever happens', async () => {
    const stop = new AbortController();
    store.onOverwrite = async () => stop.abort(new Error('interrupted'));
    await expect(stage({ signal: stop.signal })).rejects.toThrow('interrupted');
    await expect(
      stage({ definition: exampleWith('{{ tenant }}/{{ month }}.json', '{{ month }}.json') }),
    ).rejects.toThrow();
    expect(readdirSync(temporaryDirectory)).toEqual([]);
  });

  it('reports progress up to all units and slices', async () => {
    const told: unknown[] = [];
    await stage({ progress: (progress) => told.push(progress) });
    expect(told).toEqual([0, 1, 2, 3].map((slices) => ({ units: 20, slices })));
  });

  it('says so when the disk cannot be written', async () => {
    await expect(stage({ temporaryDirectory: '/nowhere' })).rejects.toThrow(
      expect.objectContaining({ failureClass: 'WorkerResource/Disk', message: expect.stringContaining('ENOENT') }),
    );
  });
});

interface Changes {
  readonly definition?: string;
  readonly units?: AsyncIterable<UnitLine>;
  readonly store?: MemoryStore;
  readonly now?: string;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: unknown) => void;
  readonly temporaryDirectory?: string;
}

function stage(changes: Changes = {}) {
  return stageMigration({
    definition: parseDefinition(changes.definition ?? exampleFile, 'm.yaml'),
    units: changes.units ?? units(20),
    store: changes.store ?? store,
    base: '.longhaul/orders',
    newestRound: 0,
    version: '1.2.3',
    now: () => new Date(changes.now ?? '2026-01-02T03:04:05Z'),
    signal: changes.signal ?? new AbortController().signal,
    progress: changes.progress,
    temporaryDirectory: changes.temporaryDirectory ?? temporaryDirectory,
  });
}

async function* units(count: number): AsyncGenerator<UnitLine> {
  for (let index = 0; index < count; index += 1) {
    yield {
      line: index + 2,
      fields: { tenant: `t${String(index)}`, month: '2019-07' },
      text: `t${String(index)},2019-07`,
    };
  }
}

const object = (key: string): Uint8Array => store.objects.get(key)!;
const text = (key: string): string => Buffer.from(object(key)).toString();
const stored = (): MigrationRecord => recordJson.parse(object(recordKey), recordKey);
