import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { generateMigration, s3Client, type GeneratedMigration } from '../support/migrations/generated-migration.js';
import { runLonghaul, runLonghaulJson } from '../support/programs/longhaul-program.js';
import { until } from '../support/until.js';

interface Status {
  readonly blocked: readonly { readonly class: string; readonly message: string }[];
}

describe('a migration whose task queue no worker polls', () => {
  const stack = inject('stack');
  const s3 = s3Client(stack);
  const environment = { ...stack.environment, LONGHAUL_TASK_QUEUE: 'served-by-nobody' };
  let migration: GeneratedMigration;

  beforeAll(async () => {
    migration = await generateMigration(stack, 'no-workers', { units: 2, bigUnitRawBytes: 0 });
  });
  afterAll(() => {
    s3.destroy();
  });

  it('is blocked: start returns 6 and names the queue, and so does status', async () => {
    const started = await runLonghaul(['start', migration.migrationPath], environment);
    expect(started.exitCode, started.stderr).toBe(6);
    expect(started.stderr).toContain('served-by-nobody');
    expect(started.stderr).toContain('longhaul-worker');

    await until('status says so, once its figures are old', async () => {
      const { exitCode, document } = await runLonghaulJson<Status>(['status', migration.name], environment);
      return exitCode === 6 && document.blocked.some((each) => each.class === 'NoWorkers');
    });
  });
});
