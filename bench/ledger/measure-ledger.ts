import { appendFile } from 'node:fs/promises';
import { runLonghaul } from '../../test/support/programs/longhaul-program.js';
import {
  generateMigration,
  s3Client,
  type GeneratedMigration,
} from '../../test/support/migrations/generated-migration.js';
import type { ProxiedRequest } from '../../test/support/faults/fault-proxy.js';
import { workerCpuSeconds } from '../../test/support/faults/kill-workers.js';
import { startProxiedStores } from '../../test/support/servers/proxied-stores.js';
import { carryOutKills, chooseKills, describeKills } from '../../test/support/faults/random-kills.js';
import { randomNumbers } from '../../test/support/random-numbers.js';
import { startStack } from '../../test/support/servers/start-stack.js';
import type { SharedStack } from '../../test/support/servers/e2e-stack.js';
import { controlWriteCosts } from './control-write-costs.js';

/** The rows of two tables, and a line for each kill. */
export interface LedgerFigures {
  readonly requests: readonly (readonly string[])[];
  readonly figures: readonly (readonly string[])[];
  readonly lines: readonly string[];
}

/**
 * Moves generated data twice on its own stack, the second time with kills, and reports what ledger and checkpoints
 * cost.
 */
export async function measureLedger({
  units,
  kills,
}: {
  readonly units: number;
  readonly kills: number;
}): Promise<LedgerFigures> {
  const { stack, end } = await startStack();
  const stores = await startProxiedStores(stack);
  const s3 = s3Client(stack);
  try {
    const quiet = await generateMigration(stack, 'quiet', { units }, stores.endpoints);
    const before = await workerCpuSeconds(stack);
    await move(stack, quiet);
    const cpuSeconds = (await workerCpuSeconds(stack)) - before;
    const seen = [...stores.requests];
    const costs = await controlWriteCosts(stack, s3, quiet);

    const slices = count(seen, 'close ledger');
    const checkpoints = count(seen, 'write checkpoint');
    const share = (slices * costs.sliceCpuSeconds + checkpoints * costs.checkpointCpuSeconds) / cpuSeconds;
    const lines = kills > 0 ? await moveWithKills() : [];
    return {
      requests: requestRows(seen),
      figures: [
        ['ledger bytes a unit, stored', (costs.ledgerBytes / units).toFixed(0)],
        ['ledger bytes a unit, sent', (sum(seen.filter(isLedgerWrite), bodyBytes) / units).toFixed(0)],
        ['CPU of the workers, s', cpuSeconds.toFixed(1)],
        [`CPU of a ledger of ${String(costs.sliceUnits)} units, ms`, (costs.sliceCpuSeconds * 1e3).toFixed(1)],
        ['CPU of a checkpoint, ms', (costs.checkpointCpuSeconds * 1e3).toFixed(1)],
        ['CPU of ledger and checkpoints, of the whole', percent(share)],
      ],
      lines,
    };

    async function moveWithKills(): Promise<readonly string[]> {
      const killed = await generateMigration(stack, 'killed', { units }, stores.endpoints);
      await appendFile(killed.migrationPath, '\nspeed:\n  unitsInFlight: 16\n');
      const first = stores.requests.length;
      const moved = move(stack, killed);
      const carriedOut = await carryOutKills({ stack, stores }, killed, chooseKills(randomNumbers(1), kills, units));
      await moved;
      return describeKills(carriedOut, stores.requests.slice(first));
    }
  } finally {
    s3.destroy();
    await stores.close();
    await end();
  }
}

async function move(stack: SharedStack, { migrationPath }: GeneratedMigration): Promise<void> {
  const { exitCode, stderr } = await runLonghaul(['start', migrationPath, '--watch', '--json'], stack.environment);
  if (exitCode !== 0) throw new Error(`the migration ended with ${String(exitCode)}:\n${stderr}`);
}

function requestRows(requests: readonly ProxiedRequest[]): readonly (readonly string[])[] {
  const groups = new Map<string, number>();
  for (const request of requests) groups.set(groupOf(request), (groups.get(groupOf(request)) ?? 0) + 1);
  const rows = [...groups].toSorted(([, a], [, b]) => b - a);
  return [...rows, ['all', requests.length] as const].map(([group, number]) => [
    group,
    String(number),
    percent(number / requests.length),
  ]);
}

function groupOf({ kind, path }: ProxiedRequest): string {
  if (path.includes('/.longhaul/')) {
    if (path.includes('/ledger/')) return 'ledger';
    return path.includes('/uploads/') ? 'checkpoint' : 'other control objects';
  }
  return kind;
}

function isLedgerWrite({ kind }: ProxiedRequest): boolean {
  return kind === 'claim ledger' || kind === 'flush ledger' || kind === 'close ledger';
}

const bodyBytes = ({ body }: ProxiedRequest): number => body.length;

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((before, item) => before + of(item), 0);
}

function count(requests: readonly ProxiedRequest[], kind: ProxiedRequest['kind']): number {
  return requests.filter((request) => request.kind === kind).length;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
