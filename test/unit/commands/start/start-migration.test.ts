import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../../../src/commands/run-program.js';
import type { RootDescription, RootStart, TemporalPort } from '../../../../src/commands/ports/temporal-port.js';
import { controlKeys } from '../../../../src/control/control-keys.js';
import { Failure } from '../../../../src/domain/failure.js';
import { receiptTally, type Receipt } from '../../../../src/domain/receipt.js';
import { recordJson } from '../../../../src/control/stored-record.js';
import { readStagedSlice } from '../../../../src/control/staged-slice.js';
import { smallReceipt } from '../../../support/fakes/small-receipt.js';
import { MemoryControlStore } from '../../../support/fakes/memory-control-store.js';
import { fakeContext } from '../fake-context.js';
import { completedRoot, fakeTemporal, runningRoot, tally } from '../sample-documents.js';

const base = '.longhaul/orders';
const yaml = `version: 1
name: orders
units:
  from: units.csv
  id: "{{ tenant }}"
accounts:
  east: { endpoint: "http://127.0.0.1:10000/prodeast", credential: prodeast }
find:
  - account: east
    container: events
    prefix: "{{ tenant }}/"
target:
  bucket: archive
  key: "{{ tenant }}.json.gz"
  region: us-east-1
`;

describe('start', () => {
  let directory: string;
  let control: MemoryControlStore;
  let starts: RootStart[];
  let receipts: readonly Receipt[];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'longhaul-start-'));
    control = new MemoryControlStore();
    starts = [];
    receipts = [];
    await writeFile(join(directory, 'migration.yaml'), yaml);
    await writeFile(join(directory, 'units.csv'), 'tenant\nacme\nbolt\ncog\n');
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function run(
    verb: string[],
    roots: readonly (RootDescription | undefined)[],
    more: { readonly checkTargetBucket?: () => Promise<void>; readonly port?: Partial<TemporalPort> } = {},
  ) {
    // Temporal is asked once more before anything is staged.
    const temporal = fakeTemporal([roots[0], ...roots], {
      startRoot: async (start) => {
        starts.push(start);
        return { runId: 'run-1' };
      },
      ...more.port,
    });
    const failed: Receipt = {
      ...{ index: 1, id: 'bolt', key: 'bolt.json.gz', state: 'failed', class: 'EmptyUnit', message: 'no blob matched' },
      ...{ blobs: 0, bytes: { source: 0, raw: 0, target: 0 }, skipped: [], notes: [], build: '', at: '' },
    };
    const context = fakeContext({
      connectTemporal: async () => temporal,
      stores: {
        openControl: async () => control,
        probeTarget: async () => [],
        checkTargetBucket: more.checkTargetBucket ?? (async () => {}),
        sumLedgers: async () => ({ tally: receiptTally(failed), firstFailed: [failed] }),
        async *readReceipts() {
          yield receipts;
        },
        readStagedUnits: async (...request) => (await readStagedSlice(...request)).units,
        openUploads: async () => ({ abortUpload: async () => {}, close: () => {} }),
        openDemo: async () => {
          throw new Error('not a demo');
        },
      },
    });
    const [name = '', ...options] = verb;
    const status = await runProgram([name, join(directory, 'migration.yaml'), ...options], context);
    return { status, out: context.out.text(), err: context.err.text() };
  }
  const put = (key: string, value: object): void => {
    control.objects.set(key, Buffer.from(JSON.stringify(value)));
  };
  const owner = { format: 1, epoch: 1, cluster: 'c', namespace: 'default', rootRunId: 'run-0' };
  const wholeTally = { ...tally, units: { ...tally.units, failed: 0 } };
  const summary = {
    ...{ format: 1, name: 'orders', round: 0, total: 3, phase: 'completed', tally: wholeTally },
    ...{ startedAt: '2026-01-02T03:00:00.000Z', endedAt: '2026-01-02T03:00:10.000Z' },
  };

  it('stages the units, starts the root, and says how to watch it', async () => {
    const { status, out } = await run(['start'], [undefined, { ...runningRoot, memo: null, progress: null }]);
    expect(status).toBe(0);
    expect(out).toMatch(/^Started the migration orders: 3 units\.\n/);
    expect(out).toContain('Web UI  http://127.0.0.1:8233/namespaces/default/workflows/migration%2Forders/run-1');
    expect(out).toContain('next: follow it: `longhaul watch orders`');
    expect(control.objects.has(controlKeys.migration(base, 0))).toBe(true);
    expect(starts.map(({ input }) => input)).toEqual([
      {
        control: { bucket: 'archive', prefix: '.longhaul', name: 'orders', s3: { region: 'us-east-1' } },
        ...{ round: 0, total: 3, heartbeatTimeoutMs: 60_000, searchAttributes: true },
      },
    ]);
  });

  it('follows to the end with --watch, and prints one document with --json', async () => {
    const { status, out, err } = await run(
      ['start', '--watch', '--json'],
      [undefined, runningRoot, runningRoot, completedRoot],
    );
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ name: 'orders', phase: 'completed', units: { total: 1_000 } });
    expect(err).toBe('');
  });

  it('attaches to one that runs', async () => {
    await run(['start'], [undefined, runningRoot]);
    const { status, out } = await run(['start'], [runningRoot]);
    expect({ status, starts: starts.length }).toEqual({ status: 0, starts: 1 });
    expect(out).toContain('The migration orders is already running; nothing was started.');
  });

  it('starts one that is staged and was never owned, also after prepare has refused it', async () => {
    await run(['start'], [undefined, runningRoot]);
    const refused = { ...runningRoot, state: 'failed' as const, failure: { class: 'ConfigError', message: 'no' } };
    await run(['start'], [refused, runningRoot]);
    expect(starts.map(({ input }) => input.begun)).toEqual([undefined, undefined]);
  });

  it('reports one that has ended from its summary, when Temporal has forgotten it, and moves nothing', async () => {
    await run(['start'], [undefined, runningRoot]);
    put(controlKeys.owner(base), owner);
    put(controlKeys.summary(base, 0), summary);
    for (const verb of [['start', '--watch'], ['start'], ['status']]) {
      const { status, out } = await run(verb, [undefined]);
      expect(status).toBe(0);
      expect(out).toContain('orders  completed after 10 s');
    }
    expect(starts).toHaveLength(1);
  });

  it('names failed units at the end', async () => {
    await run(['start'], [undefined, runningRoot]);
    put(controlKeys.owner(base), owner);
    put(controlKeys.summary(base, 0), { ...summary, phase: 'completed-with-failures' });
    const { status, out } = await run(['start', '--watch'], [undefined]);
    expect(status).toBe(3);
    expect(out).toContain('  failed bolt: EmptyUnit: no blob matched');
  });

  it('reports from its ledgers one that Temporal lost before its end', async () => {
    await run(['start'], [undefined, runningRoot]);
    put(controlKeys.owner(base), owner);
    const { status, out } = await run(['status', '--json'], [undefined]);
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ phase: 'failed', runId: 'run-0', units: { total: 3, failed: 1 } });
    await run(['start'], [undefined]);
    expect(starts).toHaveLength(1);
  });

  it('begins the next round with --again, once the root of the one before has ended', async () => {
    await run(['start'], [undefined, runningRoot]);
    put(controlKeys.owner(base), owner);
    put(controlKeys.summary(base, 0), summary);
    await writeFile(join(directory, 'units.csv'), 'tenant\nacme\nbolt\ndash\n');
    receipts = [{ ...smallReceipt(0, 'acme') }, { ...smallReceipt(1, 'bolt') }, { ...smallReceipt(2, 'cog') }];
    const closing = { ...runningRoot, memo: { ...runningRoot.memo!, total: 3 } };
    const next = { ...runningRoot, memo: { ...closing.memo, round: 1 }, progress: null };
    const { status, out } = await run(['start', '--again'], [closing, closing, closing, completedRoot, next]);
    expect({ status, line: out.split('\n')[0] }).toEqual({
      status: 0,
      line: 'Started round 1 of the migration orders: 3 units.',
    });
    expect(starts[1]).toMatchObject({ input: { round: 1, total: 3 }, before: { total: 4, done: 400 } });
    expect(await run(['start', '--again'], [next])).toMatchObject({
      status: 2,
      err: expect.stringMatching(/Round 1 of the migration orders is still open\n.*longhaul resume orders/) as string,
    });
  });

  it('is followed by a retry that stages the failed units, each marked as failed before', async () => {
    await run(['start'], [undefined, runningRoot]);
    put(controlKeys.owner(base), owner);
    put(controlKeys.summary(base, 0), summary);
    const { raw: _raw, target: _target, ...rest } = smallReceipt(1, 'bolt');
    receipts = [smallReceipt(0, 'acme'), { ...rest, state: 'failed', class: 'EmptyUnit', message: 'no blob' }];
    expect(await run(['retry'], [completedRoot])).toMatchObject({
      status: 0,
      out: 'Started round 1 of the migration orders: 1 units.\n',
    });
    expect(starts[1]).toMatchObject({ input: { round: 1, total: 1, begun: true }, before: { total: 3 } });
    const [key = ''] = [...control.objects.keys()].filter((each) => each.includes('/r0001/units-'));
    const lines = gunzipSync(control.objects.get(key)!).toString();
    expect(JSON.parse(lines)).toMatchObject({ index: 1, id: 'bolt', earlier: 'failed' });
  });

  it('starts a round that was staged when the command ended before it could', async () => {
    await run(['start'], [undefined, runningRoot]);
    put(controlKeys.owner(base), owner);
    const stagedOnly = recordJson.parse(control.objects.get(controlKeys.migration(base, 0))!, 'migration.json');
    put(controlKeys.summary(base, 0), summary);
    put(controlKeys.migration(base, 1), { ...stagedOnly, round: 1 });
    await run(['start'], [completedRoot, completedRoot, completedRoot, runningRoot]);
    expect(starts[1]).toMatchObject({ input: { round: 1 } });
  });

  it('refuses --again when there is no round to follow, and when the bucket is another one', async () => {
    expect(await run(['start', '--again'], [undefined])).toMatchObject({
      status: 5,
      err: expect.stringMatching(/has no earlier round.*\n.*longhaul start .*migration\.yaml/) as string,
    });
    await run(['start'], [undefined, runningRoot]);
    put(controlKeys.owner(base), owner);
    put(controlKeys.summary(base, 0), summary);
    const elsewhere = yaml.replace('bucket: archive', 'bucket: other\n  control: s3://archive/.longhaul');
    await writeFile(join(directory, 'migration.yaml'), elsewhere);
    expect(await run(['start', '--again'], [completedRoot])).toMatchObject({
      status: 2,
      err: expect.stringContaining('would have another bucket: archive → other') as string,
    });
    expect(control.objects.has(controlKeys.migration(base, 1))).toBe(false);
  });

  it('refuses a changed definition and changed units, and says what changed', async () => {
    await run(['start'], [undefined, runningRoot]);
    await writeFile(join(directory, 'migration.yaml'), yaml.replace('{{ tenant }}.json.gz', 'x/{{ tenant }}.json.gz'));
    const definition = await run(['start'], [runningRoot]);
    expect(definition).toMatchObject({ status: 2, out: '' });
    expect(definition.err).toContain('target.key: "{{ tenant }}.json.gz" → "x/{{ tenant }}.json.gz"');

    await writeFile(join(directory, 'migration.yaml'), yaml);
    await writeFile(join(directory, 'units.csv'), 'tenant\nacme\n');
    const units = await run(['start'], [runningRoot]);
    expect(units).toMatchObject({ status: 2, out: '' });
    expect(units.err).toMatch(/units\.csv: "3 units, digest \w+" → "1 units, digest \w+"/);
    expect(starts).toHaveLength(1);
  });

  it('refuses a name under which a migration of another control prefix runs, and stages nothing', async () => {
    const elsewhere = { ...runningRoot, control: { bucket: 'other', prefix: '.longhaul', endpoint: 'http://s3.test' } };
    const { status, out, err } = await run(['start'], [elsewhere]);
    expect({ status, out, staged: control.objects.size, starts }).toEqual({
      status: 2,
      out: '',
      staged: 0,
      starts: [],
    });
    expect(err).toBe(
      'longhaul: Another migration named orders is running at Temporal 127.0.0.1:7233, namespace default: ' +
        'its control prefix is s3://other/.longhaul at http://s3.test, and that of this file is ' +
        's3://archive/.longhaul\n' +
        '  next: give one of them another `name`, or wait until the other has ended (`longhaul status orders`)\n',
    );
  });

  it('refuses it also when the other one was started in the same moment', async () => {
    const elsewhere = { ...runningRoot, control: { bucket: 'other', prefix: '.longhaul', endpoint: null } };
    expect(await run(['start'], [undefined, elsewhere])).toMatchObject({ status: 2, out: '' });
  });

  it('takes no figures from a migration of the same name and another control prefix', async () => {
    await run(['start'], [undefined, runningRoot]);
    const elsewhere = { ...runningRoot, control: { bucket: 'other', prefix: '.longhaul', endpoint: null } };
    const { out } = await run(['status', '--json'], [elsewhere]);
    expect(JSON.parse(out)).toMatchObject({ phase: 'preparing', units: { total: 3, done: 0 } });
  });

  it('starts one whose name has an ended migration of another control prefix', async () => {
    const elsewhere = { ...completedRoot, control: { bucket: 'other', prefix: '.longhaul', endpoint: null } };
    expect(await run(['start'], [elsewhere, runningRoot])).toMatchObject({ status: 0 });
    expect(starts).toHaveLength(1);
  });

  it('adopts a change of speed and says so', async () => {
    await run(['start'], [undefined, runningRoot]);
    await writeFile(join(directory, 'migration.yaml'), `${yaml}speed: { unitsInFlight: 3 }\n`);
    const { status, err } = await run(['start'], [runningRoot]);
    expect(status).toBe(0);
    expect(err).toContain('speed.unitsInFlight: "auto" → 3');
  });

  it('stages nothing when the target bucket does not exist', async () => {
    const missing = new Failure('TargetMissing', 'find the bucket: there is no bucket archive');
    const { status, err } = await run(['start'], [undefined], {
      checkTargetBucket: () => Promise.reject(missing),
    });
    expect(status).toBe(2);
    expect(err).toMatch(/there is no bucket archive\n {2}next: create the target bucket/);
    expect(err).toMatch(/`longhaul check \S+migration.yaml` finds out whether that is all/);
    expect(control.objects.size).toBe(0);
  });

  it('says on standard error why a migration failed, with the status of its class', async () => {
    const failure = { class: 'ConfigError/Credential', message: 'account east: set LONGHAUL_CREDENTIAL_PRODEAST' };
    const failed = {
      ...runningRoot,
      state: 'failed' as const,
      endedAt: runningRoot.startedAt,
      progress: null,
      failure,
    };
    const { status, err } = await run(['start', '--watch'], [undefined, runningRoot, failed]);
    expect(status).toBe(2);
    expect(err).toContain(
      'The migration orders failed: ConfigError/Credential: account east: set LONGHAUL_CREDENTIAL_PRODEAST',
    );
  });

  it('says at once, with status 6, that no worker answers, and leaves the migration started', async () => {
    const young = { ...runningRoot, memo: null, progress: null };
    const { status, err } = await run(['start'], [undefined, young], { port: { isAnswered: async () => false } });
    expect({ status, starts: starts.length }).toEqual({ status: 6, starts: 1 });
    expect(err).toContain('warning: no worker answers on task queue longhaul: start `longhaul-worker`');
  });

  it('has no status for a migration that was never started', async () => {
    const { status, err } = await run(['status'], [undefined]);
    expect(status).toBe(5);
    expect(err).toMatch(/has not been started[^]*longhaul start/);
  });
});
