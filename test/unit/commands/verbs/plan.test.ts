import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RootDescription, RootStart } from '../../../../src/commands/ports/temporal-port.js';
import { runProgram } from '../../../../src/commands/run-program.js';
import { writeContainerFindings, writeUnclaimed } from '../../../../src/control/plan/stored-unclaimed.js';
import { controlKeys } from '../../../../src/control/control-keys.js';
import { recordJson } from '../../../../src/control/stored-record.js';
import type { Receipt } from '../../../../src/domain/receipt.js';
import { MemoryControlStore } from '../../../support/fakes/memory-control-store.js';
import { smallReceipt } from '../../../support/fakes/small-receipt.js';
import { exampleFile } from '../../definition/example-file.js';
import { fakeContext } from '../fake-context.js';
import { completedRoot, fakeTemporal, runningRoot, tally } from '../sample-documents.js';

const base = '.longhaul/orders/plan';
const ended: RootDescription = { ...completedRoot, workflowId: 'plan/orders' };
const times = { startedAt: '2026-01-02T03:00:00.000Z', endedAt: '2026-01-02T03:00:10.000Z' };

describe('plan', () => {
  let directory: string;
  let control: MemoryControlStore;
  let starts: RootStart[];
  let receipts: readonly Receipt[];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'longhaul-plan-'));
    control = new MemoryControlStore();
    starts = [];
    receipts = [0, 1, 2].map((index) => smallReceipt(index));
    await writeFile(join(directory, 'migration.yaml'), exampleFile);
    await writeFile(join(directory, 'units.csv'), 'tenant,month\nacme,2019-07\nbolt,2019-07\ncog,2019-08\n');
  });
  afterEach(() => rm(directory, { recursive: true }));

  function putSummary(prefix: string, name: string, round: number, blobs = 3): void {
    const summary = { format: 1, name, round, total: 3, tally: { ...tally, blobs: { done: blobs } }, ...times };
    const bytes = Buffer.from(JSON.stringify({ ...summary, phase: 'completed' }));
    control.objects.set(controlKeys.summary(prefix, round), bytes);
  }

  function run(options: readonly string[] = [], roots: readonly (RootDescription | undefined)[] = []) {
    return runVerb(['plan', join(directory, 'migration.yaml'), ...options], roots);
  }

  async function runVerb(typed: readonly string[], roots: readonly (RootDescription | undefined)[] = []) {
    const context = fakeContext({
      connectTemporal: async () =>
        fakeTemporal([...roots, undefined, ended], {
          startRoot: async (start) => {
            starts.push(start);
            putSummary(base, 'plan/orders', start.input.round);
            return { runId: 'run-1' };
          },
          controlAddress: async (name) => ({ name, bucket: 'archive', prefix: '.longhaul', s3: {} }),
        }),
      stores: {
        openControl: async () => control,
        checkTargetBucket: async ({ target }: { target: { bucket: string } }) => {
          checked.push(target.bucket);
        },
        async *readReceipts() {
          yield receipts;
        },
      } as never,
    });
    const checked: string[] = [];
    const status = await runProgram(typed, context);
    return { status, out: context.out.text(), err: context.err.text(), checked };
  }

  it('starts a root of its own name and below the control prefix of the migration', async () => {
    const { status, out, checked } = await run();
    expect(status).toBe(0);
    expect(out).toContain('Plan of orders: 3 units, all looked at.');
    expect(starts.map(({ definition, input }) => [definition.name, input.control.name, input.round])).toEqual([
      ['plan/orders', 'plan/orders', 0],
    ]);
    expect(control.objects.has(`${base}/r0000/migration.json`)).toBe(true);
    expect(checked).toEqual(['archive']);
  });

  it('reports a plan that has ended without starting another one, and plans again with --again', async () => {
    await run();
    const { err } = await run();
    expect(starts).toHaveLength(1);
    expect(err).toContain('plan/orders ended 2026-01-02T03:00:10.000Z; `longhaul plan FILE --again` plans again.');
    await run(['--again']);
    expect(starts.map(({ input }) => input.round)).toEqual([0, 1]);
  });

  it('continues a plan that was cancelled', async () => {
    await run();
    control.objects.delete(controlKeys.summary(base, 0));
    const { err } = await run([], [{ ...ended, state: 'cancelled' }]);
    expect(err).toContain('Continuing the plan of 3 units.');
    expect(starts.map(({ input }) => input.round)).toEqual([0, 0]);
  });

  it('is known to other verbs by its name, but has nothing to retry', async () => {
    await run();
    receipts = [{ ...smallReceipt(0), state: 'failed', class: 'Incomplete', message: '3 is missing' }];
    const failures = await runVerb(['failures', 'plan/orders'], [ended]);
    expect(failures.status).toBe(3);
    expect(failures.out).toContain(
      'unit-0: Incomplete: 3 is missing\nTo plan them again: `longhaul plan FILE --again`',
    );
    const status = await runVerb(['status', 'plan/orders'], [ended]);
    expect(status.out).toContain('next: see what it found: `longhaul plan FILE`');
    const retry = await runVerb(['retry', 'plan/orders'], [ended]);
    expect(retry).toMatchObject({
      status: 2,
      err: expect.stringContaining('plan/orders is a plan, which moves no units: there is nothing to retry') as string,
    });
  });

  it('refuses to plan other units while a plan runs', async () => {
    await run();
    control.objects.delete(controlKeys.summary(base, 0));
    const { status, err } = await run(['--sample', '1'], [{ ...runningRoot, workflowId: 'plan/orders' }]);
    expect(status).toBe(2);
    expect(err).toContain('plan/orders is running, with another definition, other units or sample');
    expect(starts).toHaveLength(1);
  });

  it('ends with status 3 if a unit would fail', async () => {
    receipts = [{ ...smallReceipt(0), state: 'failed', class: 'Incomplete', message: '3 is missing' }];
    const { status, out } = await run();
    expect(status).toBe(3);
    expect(out).toContain('incomplete  unit-0  Incomplete: 3 is missing');
  });

  it('looks at a sample, and says what is expected of all units', async () => {
    const { out } = await run(['--sample', '2', '--seed', '7', '--json']);
    receipts = [0, 1].map((index) => smallReceipt(index));
    expect(JSON.parse(out)).toMatchObject({ units: { total: 3, planned: 2, seed: 7 } });
    const record = recordJson.parse(control.objects.get(controlKeys.migration(base, 0)) ?? Buffer.alloc(0), 'record');
    expect(record).toMatchObject({ layout: { units: 2 }, plan: { of: 3, seed: 7 } });
  });

  it.each(['0', '-1', '0%', '101%', '1.5', 'many', '5 %'])('refuses --sample %s', async (sample) => {
    const { status, err } = await run([`--sample=${sample}`]);
    expect(status).toBe(2);
    expect(err).toContain(`--sample ${sample} is neither a number of units nor a share of them`);
  });

  it('uses the rate that is given, or that of the last round, or else says that it guesses', async () => {
    const time = async (...options: readonly string[]): Promise<unknown> =>
      (JSON.parse((await run([...options, '--json'])).out) as { time: unknown }).time;
    expect(await time()).toEqual({ blobsPerSecond: 500, basis: 'assumed', seconds: 1 });
    expect(await time('--blob-rate', '2')).toEqual({ blobsPerSecond: 2, basis: 'given', seconds: 2 });
    const record = recordJson.parse(control.objects.get(controlKeys.migration(base, 0)) ?? Buffer.alloc(0), 'record');
    const own = Buffer.from(recordJson.bytes({ ...record, name: 'orders' }));
    control.objects.set(controlKeys.migration('.longhaul/orders', 0), own);
    putSummary('.longhaul/orders', 'orders', 0, 9_999);
    expect(await time()).toMatchObject({ basis: 'assumed' });
    putSummary('.longhaul/orders', 'orders', 0, 20_000);
    expect(await time()).toMatchObject({ blobsPerSecond: 2_000, basis: 'measured' });
  });

  it('writes page, table and document to a folder, with every name escaped', async () => {
    receipts = [{ ...smallReceipt(0), id: '<b>&"', key: '=SUM(A1)' }];
    const { out } = await run(['-o', join(directory, 'new', 'plan'), '--json']);
    const read = (name: string): Promise<string> => readFile(join(directory, 'new', 'plan', name), 'utf8');
    const page = await read('plan.html');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('<th scope="row">&lt;b&gt;&amp;&#34;</th>');
    expect(page).not.toMatch(/<script|https?:|src=/);
    expect(await read('plan-units.csv')).toBe(
      'index,id,key,verdict,blobs,bytes,newest,class,reasons\r\n' + `0,"<b>&""",'=SUM(A1),ready,1,10,,,\r\n`,
    );
    expect(JSON.parse(await read('plan.json'))).toEqual(JSON.parse(out));
  });

  it('reports what no unit claims and what several do, and ends with status 3 for the former', async () => {
    await run(['--unclaimed']);
    expect(starts.map(({ input }) => input.unclaimed)).toEqual([true]);
    const round = { control, base, round: 0 };
    const { signal } = new AbortController();
    const amount = (blobs: number) => ({ blobs, bytes: blobs * 10 });
    const none = { claimed: amount(3), unclaimed: amount(0), twice: amount(0), gone: 0, shapes: [], firstGone: [] };
    const findings = { format: 1, account: 'east', container: 'events', ...none, firstTwice: [] };
    const counts = { format: 1, containers: 2, unknownUnits: 1, endedAt: '2026-01-02T03:04:05.000Z' };
    await writeUnclaimed(round, counts, signal);
    await writeContainerFindings(round, findings, signal);
    const twice = { twice: amount(1), firstTwice: [{ name: 'both', units: [0, 2] }] };
    await writeContainerFindings(round, { ...findings, container: 'more', ...twice }, signal);
    expect((await run(['--unclaimed'])).status).toBe(0);

    const list = `${base}/r0000/unclaimed/list.ndjson.gz`;
    const lines = [
      { name: 'old/a,b.log', bytes: 7, lastModified: '2026-01-01T00:00:00.000Z', units: [] },
      { name: 'both', bytes: 10, lastModified: '2026-01-01T00:00:00.000Z', units: [0, 2] },
    ];
    control.objects.set(list, gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
    const strays = { shape: 'more/old/{text}.log', ...amount(2), first: ['old/a,b.log'] };
    const more = { unclaimed: amount(2), shapes: [strays], gone: 4, list };
    await writeContainerFindings(round, { ...findings, container: 'more', ...twice, ...more }, signal);
    const { status, out } = await run(['--unclaimed', '-o', directory]);
    expect(status).toBe(3);
    expect(out).toContain('  IN 2 CONTAINERS     BLOBS  BYTES\n  claimed by units    6      60 B\n');
    expect(out).toContain('  2 blobs  20 B  east: more/old/{text}.log  such as old/a,b.log\n');
    expect(out).toContain('Claimed by several units:\n  east/more/both  unit-0, unit-2\n');
    expect(out).toContain('Blobs of units that were deleted before their container was listed: 4.');
    expect(out).toContain('Units that failed before their blobs were known, and so claim nothing: 1.');
    expect(await readFile(join(directory, 'plan-unclaimed.csv'), 'utf8')).toBe(
      'account,container,name,bytes,last modified,units\r\n' +
        'east,more,"old/a,b.log",7,2026-01-01T00:00:00.000Z,\r\n' +
        'east,more,both,10,2026-01-01T00:00:00.000Z,0 2\r\n',
    );
    expect(await readFile(join(directory, 'plan.html'), 'utf8')).toContain('more/old/{text}.log');
    const refused = await run(['--unclaimed', '--sample', '1']);
    expect(refused).toMatchObject({ status: 2, err: expect.stringContaining('--unclaimed needs all units') as string });
  });

  it('calculates with the price list that is given, and names what is wrong with it', async () => {
    const path = join(directory, 'prices.yaml');
    const prices =
      'date: 2026-11-27\ncurrency: EUR\nsource: { readsPer10000: 10000, listsPer10000: 0, egressPerGB: 0 }\n' +
      'target: { headsPer1000: 0, classes: { STANDARD: { putsPer1000: 0, storagePerGBMonth: 0 } } }\n';
    await writeFile(path, `${prices}targetBytesPerSourceByte: 1\n`);
    const { out } = await run(['--prices', path, '--json']);
    const ofDocument = { date: '2026-11-27', currency: 'EUR', basis: 'given' };
    expect(JSON.parse(out)).toMatchObject({ prices: ofDocument, cost: { reads: 3 } });
    expect((await run(['--prices', path])).out).toContain('EUR with the prices of 2026-11-27\n');
    await writeFile(path, prices.replace('10000: 10000', '10000: free'));
    const { status, err } = await run(['--prices', path]);
    expect(status).toBe(2);
    expect(err).toContain('source.readsPer10000');
    expect(err).toContain('targetBytesPerSourceByte');
    expect((await run(['--prices', join(directory, 'none')])).err).toContain('there is no such file');
  });
});
