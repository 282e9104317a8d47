import { describe, expect, it } from 'vitest';
import type { FailureClass } from '../../../../src/domain/failure-classes.js';
import { planLayout } from '../../../../src/domain/layout.js';
import type { Receipt } from '../../../../src/domain/receipt.js';
import { runProgram } from '../../../../src/commands/run-program.js';
import { controlKeys } from '../../../../src/control/control-keys.js';
import { MemoryControlStore } from '../../../support/fakes/memory-control-store.js';
import { smallDefinition } from '../../../support/fakes/memory-migration.js';
import { smallReceipt } from '../../../support/fakes/small-receipt.js';
import { fakeContext } from '../fake-context.js';
import { completedRoot, fakeTemporal, tally } from '../sample-documents.js';

const failed = (index: number, failureClass: FailureClass, more: Partial<Receipt> = {}): Receipt => ({
  ...{ ...smallReceipt(index), id: `unit-${String(index)}`, state: 'failed', class: failureClass, message: 'broken' },
  ...more,
});
const receipts = [
  failed(0, 'CorruptInput/BlockCrc', { blob: "east/events/a b's.bz2" }),
  failed(1, 'CorruptInput/Truncated', { blob: 'east/events/c.bz2' }),
  failed(2, 'EmptyUnit'),
  failed(3, 'EmptyUnit'),
];

const run = (...args: string[]) => runOver(receipts, ...args);

async function runOver(all: readonly Receipt[], ...args: string[]) {
  const control = new MemoryControlStore();
  const base = '.longhaul/orders';
  const record = {
    ...{ format: 1, name: 'orders', round: 0, definition: smallDefinition(), definitionDigest: 'd', unitsDigest: 'u' },
    ...{ layout: planLayout(4), version: '1.2.3', stagedAt: '2026-01-02T03:04:05.000Z', id: 'random' },
  };
  const put = (key: string, value: object) => control.objects.set(key, Buffer.from(JSON.stringify(value)));
  put(controlKeys.migration(base, 0), record);
  const times = { startedAt: '2026-01-02T03:04:05.000Z', endedAt: '2026-01-02T03:04:06.000Z' };
  const summary = { format: 1, name: 'orders', round: 0, total: 4, tally, phase: 'completed-with-failures', ...times };
  put(controlKeys.summary(base, 0), summary);
  const context = fakeContext({
    connectTemporal: async () =>
      fakeTemporal([completedRoot], {
        controlAddress: async () => ({ name: 'orders', bucket: 'archive', prefix: '.longhaul', s3: {} }),
      }),
    stores: {
      openControl: async () => control,
      async *readReceipts() {
        yield all;
      },
    } as never,
  });
  const status = await runProgram(args, context);
  return { status, out: context.out.text(), err: context.err.text() };
}

describe('the failures of a migration', () => {
  it('are summed by class, the most frequent first', async () => {
    const { status, out } = await run('failures', 'orders');
    expect(status).toBe(3);
    expect(out).toMatch(/^4 failed units, by class:\n {2}2 {2}EmptyUnit .*\n {2}1 {2}CorruptInput\/BlockCrc .*\n/);
    const { out: json } = await run('failures', 'orders', '--json');
    expect(JSON.parse(json)).toMatchObject({ classes: [{ class: 'EmptyUnit', units: 2 }, { units: 1 }, { units: 1 }] });
  });

  it('come with lines that can be pasted into a shell', async () => {
    const { out } = await run('failures', 'orders');
    expect(out).toContain(String.raw`longhaul decode 'az://east/events/a b'\''s.bz2' --migration FILE --json` + '\n');
    expect(out).toContain('longhaul retry orders --class EmptyUnit\n');
    expect(out).toContain('  longhaul retry orders --unit unit-2\n  longhaul trace orders unit-2\n');
  });

  it('are listed up to 50 as text, with how many more there are, and all of them otherwise', async () => {
    const many = Array.from({ length: 1_053 }, (_, index) => failed(index, 'EmptyUnit'));
    const { out } = await runOver(many, 'failures', 'orders');
    expect(out).toContain('\nunit-49: EmptyUnit: broken\n... and 1,003 more: --class lists those of one class');
    expect(out.match(/: EmptyUnit: broken/g)).toHaveLength(50);
    const { out: json } = await runOver(many, 'failures', 'orders', '--json');
    expect((JSON.parse(json) as { failures: unknown[] }).failures).toHaveLength(1_053);
    const { out: csv } = await runOver(many, 'failures', 'orders', '--csv');
    expect(csv.trimEnd().split('\n')).toHaveLength(1_054);
  });

  it.each([
    ['EmptyUnit', ['unit-2', 'unit-3']],
    ['corrupt', ['unit-0', 'unit-1']],
    ['CorruptInput/T', ['unit-1']],
  ])('are chosen by the beginning of their class: %s', async (prefix, ids) => {
    const { status, out } = await run('failures', 'orders', '--class', prefix, '--json');
    expect(status).toBe(3);
    expect((JSON.parse(out) as { failures: { id: string }[] }).failures.map(({ id }) => id)).toEqual(ids);
  });

  it('say when none has such a class, and refuse what no class begins with', async () => {
    expect(await run('failures', 'orders', '--class', 'Poison')).toMatchObject({
      status: 0,
      out: 'No unit of the migration orders has failed with a class that begins with Poison.\n',
    });
    for (const verb of ['failures', 'retry']) {
      const { status, err } = await run(verb, 'orders', '--class', 'Sauce');
      expect(status).toBe(2);
      expect(err).toMatch(/No failure class begins with "Sauce"\n {2}next: classes: CorruptInput, /);
    }
  });
});
