import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitStatus } from '../../src/commands/ending/exit-status.js';
import { runProgram } from '../../src/commands/run-program.js';
import { readReceipts } from '../../src/control/ledger/read-receipts.js';
import { unitHistories } from '../../src/control/ledger/unit-histories.js';
import { readVerification } from '../../src/control/stored-verification.js';
import { partitionSlices } from '../../src/domain/layout.js';
import { controlBase, type MigrationRecord } from '../../src/domain/stored/migration-record.js';
import { formatBytes, formatCount } from '../../src/domain/text/format.js';
import { createProcessResources } from '../../src/flow/process-resources.js';
import { moveSlice } from '../../src/pipeline/slice/move-slice.js';
import type { MigrationResources } from '../../src/pipeline/unit/migration-resources.js';
import { concludeVerification } from '../../src/pipeline/verify/conclude-verification.js';
import { stageVerification } from '../../src/staging/stage-verification.js';
import { smallDefinition } from '../../test/support/fakes/memory-migration.js';
import { fakeContext } from '../../test/unit/commands/fake-context.js';
import { completedRoot, fakeTemporal } from '../../test/unit/commands/sample-documents.js';
import { folderStore } from './folder-store.js';
import { idOf, writeGeneratedRound } from './generated-migration.js';
import { generatedTarget } from './generated-target.js';

const { signal } = new AbortController();
const base = '.longhaul/orders';

/**
 * Runs the verbs that read a whole ledger, and a verification, over a made-up migration whose stores are a folder and
 * functions: what is left is what Longhaul itself takes. `tell` gets a line for each step that begins.
 */
export async function measureAudit(
  units: number,
  tell: (line: string) => void,
): Promise<readonly (readonly string[])[]> {
  const folder = await mkdtemp(join(tmpdir(), 'audit-'));
  try {
    const steps = new Steps(units, tell);
    const control = folderStore(join(folder, 'bucket'));
    const definition = smallDefinition({ target: { key: 'orders/{{ unit.id }}.json.gz' } });
    const place = { control, base };
    const record = await writeGeneratedRound(place, { units, definition }, signal);

    const run = async (...args: readonly string[]): Promise<string> => {
      const context = contextOf(control);
      const status = await runProgram(args, context);
      if (status !== exitStatus.done && status !== exitStatus.failedUnits) throw new Error(context.err.text());
      return context.out.text();
    };
    const toFile =
      (name: string, ...args: readonly string[]) =>
      async (): Promise<string> => {
        const path = join(folder, name);
        await run(...args, '-o', path);
        return formatBytes((await stat(path)).size);
      };
    await steps.take('`report`', toFile('report.html', 'report', 'orders'));
    await steps.take('`export`, packed', toFile('orders.ndjson.gz', 'export', 'orders'));
    await steps.take('`trace` of the last unit', async () => {
      const [first = ''] = (await run('trace', 'orders', idOf(units - 1))).split('\n');
      return first.includes(': done') ? 'found' : first;
    });
    await steps.take('`failures --csv`', async () => {
      const lines = (await run('failures', 'orders', '--csv')).trimEnd().split('\n');
      return `${formatCount(lines.length - 1)} units`;
    });
    await measureVerification(steps, { place, record });
    return steps.rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Stages a verification, as the command line does, and runs its slices and its end, as a worker process does. */
async function measureVerification(
  steps: Steps,
  { place, record }: { readonly place: Pick<MigrationResources, 'control' | 'base'>; readonly record: MigrationRecord },
): Promise<void> {
  const verified = { ...place, base: controlBase({ prefix: '.longhaul', name: 'orders/verify' }) };
  const target = generatedTarget(record);
  let staged = record;
  await steps.take('`verify`: staging', async () => {
    const verification = await stageVerification({
      ...{ store: place.control, base: verified.base, rounds: [record], closedRounds: 1 },
      order: { sampleOf: () => 0, seed: 1 },
      histories: () => unitHistories({ ...place, record }, readReceipts, signal),
      ...{ newest: undefined, isRunning: false, version: '0.1.0', now: () => new Date(), signal },
    });
    if (verification.state === 'empty') throw new Error('there is nothing to verify');
    staged = verification.record;
    return `${formatCount(staged.layout.units)} objects`;
  });
  const resources = { ...verified, record: staged, target, ...unusedParts } as unknown as MigrationResources;
  const process = createProcessResources({ unitsInFlight: 16 });
  await steps.take('`verify`: comparing', async () => {
    let failed = 0;
    for (let partition = 0; partition < staged.layout.partitions; partition += 1)
      for (const slice of partitionSlices(staged.layout, partition)) {
        const task = { ...slice, epoch: 1, round: staged.round };
        const job = { task, resources, process, signal, beat: () => {}, buildInfo: 'longhaul 0.1.0' };
        const { state, tally } = await moveSlice(job);
        if (state !== 'complete') throw new Error(`a slice is ${state}`);
        failed += tally.units.failed;
      }
    return `${formatCount(failed)} objects are missing`;
  });
  await steps.take('`verify`: additional objects', async () => {
    await concludeVerification({ ...resources, progress: () => {}, signal });
    const found = await readVerification({ ...verified, round: staged.round }, signal);
    return `${formatCount(found?.additional.objects ?? 0)} objects`;
  });
}

/** A verification has no source. */
const unusedParts = {
  throttled: { accounts: () => [], account: () => undefined, target: () => undefined },
  silent: { account: () => undefined, target: () => undefined },
};

/** A context whose Temporal knows the migration as completed, and whose control prefix is this one. */
function contextOf(control: MigrationResources['control']) {
  return fakeContext({
    connectTemporal: async () =>
      fakeTemporal([completedRoot], {
        controlAddress: async () => ({ name: 'orders', bucket: 'archive', prefix: '.longhaul', s3: {} }),
      }),
    stores: {
      openControl: async () => control,
      readReceipts: (record: MigrationRecord, store: typeof control, until: AbortSignal) =>
        readReceipts({ base, control: store, record }, until),
    } as never,
    now: () => Date.now(),
  });
}

/** Takes the time and the memory of steps. */
class Steps {
  readonly rows: (readonly string[])[] = [];

  constructor(
    readonly units: number,
    readonly tell: (line: string) => void,
  ) {}

  async take(step: string, work: () => Promise<string>): Promise<void> {
    this.tell(step.replaceAll('`', ''));
    let rssMax = 0;
    const look = (): void => void (rssMax = Math.max(rssMax, process.memoryUsage.rss()));
    const watch = setInterval(look, 100);
    const beganMs = performance.now();
    const cpuBefore = process.cpuUsage();
    try {
      const result = await work();
      look();
      const seconds = (performance.now() - beganMs) / 1_000;
      const { user, system } = process.cpuUsage(cpuBefore);
      const cpuSeconds = ((user + system) / 1e6).toFixed(1);
      const rate = formatCount(Math.round(this.units / seconds));
      this.rows.push([step, seconds.toFixed(1), cpuSeconds, rate, String(Math.round(rssMax / 2 ** 20)), result]);
    } finally {
      clearInterval(watch);
    }
  }
}
