import { demoContainers } from '../../../local/demo-data/demo-containers.js';
import { CommandError } from '../../ending/command-error.js';
import { exitStatus } from '../../ending/exit-status.js';
import type { DemoStores } from '../../ports/store-ports.js';
import type { TemporalPort } from '../../ports/temporal-port.js';
import { readDemoRecords, removeDemoDirectories } from '../../stack/demo-directory.js';
import { demoAccountNames, demoSet } from '../../stack/demo-place.js';

/** What to wipe. */
export interface WipeRequest {
  readonly stateDir: string;
  readonly stores: DemoStores;
  readonly temporal: TemporalPort;
  readonly signal: AbortSignal;
}

/**
 * Deletes what earlier demos have left: source containers, everything in the bucket of the demos, directories. Their
 * histories in Temporal stay. Rejects with status 2 while one of them is running.
 */
export async function wipeDemos({ stateDir, stores, temporal, signal }: WipeRequest): Promise<void> {
  const records = await readDemoRecords(stateDir);
  for (const { name } of records) {
    if ((await temporal.describeRoot(name))?.state !== 'running') continue;
    throw new CommandError(exitStatus.usage, `The data of the demos cannot be deleted: ${name} is still running`, {
      next: `wait until it has ended (\`longhaul status ${name}\`), or run it without --fresh`,
    });
  }
  for (const { name, units } of records) {
    for (const { account, container } of demoContainers({ units, set: demoSet(name) })) {
      await stores.deleteContainer({ account: demoAccountNames[account], container }, signal);
    }
  }
  const keys: string[] = [];
  for await (const key of stores.listKeys('', signal)) keys.push(key);
  await eachOf(keys, (key) => stores.deleteObject(key, signal));
  await removeDemoDirectories(stateDir);
}

const deletesInFlight = 16;

async function eachOf<T>(values: readonly T[], act: (value: T) => Promise<void>): Promise<void> {
  const rest = values.values();
  await Promise.all(
    Array.from({ length: deletesInFlight }, async () => {
      for (const value of rest) await act(value);
    }),
  );
}
