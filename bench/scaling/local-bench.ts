import { s3Client } from '../../test/support/migrations/generated-migration.js';
import { partPid } from '../../test/support/servers/stack-parts.js';
import { startStack } from '../../test/support/servers/start-stack.js';
import type { Bench } from './measure-run.js';

/** Starts a local stack, whose server has its database in itself. All workers run on this machine. */
export async function startLocalBench(): Promise<{ readonly bench: Bench; readonly end: () => Promise<void> }> {
  const { stack, end } = await startStack();
  const s3 = s3Client(stack);
  return {
    bench: {
      ...{ stack, s3, database: stack.stateDir, onHost: () => Promise.resolve([]), ledgerRequests: () => 0 },
      processes: { temporal: [await partPid(stack, 'temporal')], database: [], ledger: [await partPid(stack, 's3')] },
    },
    async end() {
      s3.destroy();
      await end();
    },
  };
}
