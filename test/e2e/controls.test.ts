import { appendFile } from 'node:fs/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobReads, sourceRequests } from '../support/servers/access-log.js';
import {
  generateMigration,
  s3Client,
  smallBlobs,
  type GeneratedMigration,
} from '../support/migrations/generated-migration.js';
import type { SharedStack } from '../support/servers/e2e-stack.js';
import { startStack } from '../support/servers/start-stack.js';
import { killWorker, workerPid } from '../support/faults/kill-workers.js';
import { runLonghaul, runLonghaulJson } from '../support/programs/longhaul-program.js';
import { readObjects, readReceipts } from '../support/programs/target-objects.js';
import { until } from '../support/until.js';

interface Status {
  readonly phase: string;
  readonly units: { readonly total: number; readonly done: number };
  readonly overall: Pick<Status, 'units'>;
}

describe('an operator', () => {
  let stack: SharedStack;
  let end: () => Promise<void> = () => Promise.resolve();
  let s3: S3Client;
  let migration: GeneratedMigration;
  const units = 200;
  // It never moves.
  const theTotal = { units: { total: units }, overall: { units: { total: units } } };

  // A stack of its own: others must not find their workers killed.
  beforeAll(async () => {
    ({ stack, end } = await startStack());
    s3 = s3Client(stack);
    migration = await generateMigration(stack, 'paused', { units, seed: 3, ...smallBlobs });
    // So slow that units are left at the cancel, however fast the machine is, and however slow the command line.
    await appendFile(migration.migrationPath, '\nspeed:\n  heartbeatTimeout: 10s\n  bytesPerSecond: 64KiB\n');
  });
  afterAll(async () => {
    s3.destroy();
    await end();
  });

  const untilPhase = async (phase: string) => {
    const { document } = await runLonghaulJson<Status>(['watch', 'paused', '--until', phase], stack.environment);
    expect(document).toMatchObject({ phase, ...theTotal });
  };
  const receipts = () => readReceipts(s3, migration.bucket, 'paused');

  it('pauses, restarts, cancels, and resumes by name and by file: everything is moved once', async () => {
    const run = async (...args: string[]) => {
      const { exitCode, stderr } = await runLonghaul(args, stack.environment);
      expect(exitCode, `${args.join(' ')}: ${stderr}`).toBe(0);
    };
    await run('start', migration.migrationPath);
    await until('20 units have a receipt', async () => (await receipts()).length >= 20);
    await run('pause', 'paused', '--now');
    await untilPhase('paused');
    const atRest = await receipts();
    expect(atRest.length).toBeLessThan(units);

    killWorker(await workerPid(stack));
    await run('dev', 'up', '--state-dir', stack.stateDir);
    expect(await receipts()).toHaveLength(atRest.length);
    await untilPhase('paused');
    await run('resume', 'paused');
    await until('more units have a receipt', async () => (await receipts()).length > atRest.length);

    await run('cancel', 'paused');
    await untilPhase('cancelled');
    const cancelled = await receipts();
    const readsBefore = blobReads(sourceRequests(stack)).length;
    await run('resume', migration.migrationPath);
    await run('tune', 'paused', 'bytesPerSecond=unlimited');
    const resumed = await runLonghaulJson<Status>(['status', 'paused'], stack.environment);
    expect(resumed.document).toMatchObject(theTotal);
    const { exitCode, document } = await runLonghaulJson<Status>(
      ['start', migration.migrationPath, '--watch'],
      stack.environment,
    );
    expect({ exitCode, units: document.units }).toMatchObject({ exitCode: 0, units: { total: units, done: units } });

    const known = new Set(cancelled.map((receipt) => receipt['id']));
    const proven = new Set(
      migration.expected
        .filter((unit) => known.has(unit.id))
        .flatMap((unit) => unit.wantedBlobNames.map((blob) => `/prod${blob.account}/${blob.container}/${blob.name}`)),
    );
    const readAgain = blobReads(sourceRequests(stack))
      .slice(readsBefore)
      .filter((path) => proven.has(path));
    expect(readAgain).toEqual([]);
    const objects = await readObjects(s3, migration.bucket, 'units/');
    for (const unit of migration.expected) {
      if (unit.state !== 'done') throw new Error(`${unit.id} is not expected to be done`);
      expect(objects.get(unit.key), unit.id).toMatchObject({ sha256: unit.sha256, rawBytes: unit.rawBytes });
    }
    expect(await receipts()).toHaveLength(units);
  });
});
