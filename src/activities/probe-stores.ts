import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Failure } from '../domain/failure.js';
import { partitionSlices } from '../domain/layout.js';
import type { StagedUnit } from '../domain/unit.js';
import type { MigrationResources } from '../pipeline/unit/migration-resources.js';
import { probeConditionalWrites } from '../control/probe-conditional-writes.js';
import { readStagedSlice } from '../control/staged-slice.js';
import type { OpenMigration } from './activity-dependencies.js';

/**
 * Proves before anything moves that the control store and the target bucket honour conditions, unless the migration file says that they do
 * not, and that every source account answers. One list request an account, in a container that the first slice names.
 */
export async function probeStores({ resources, probeAccount }: OpenMigration, signal: AbortSignal): Promise<void> {
  const { record, control, base } = resources;
  const { definition } = record;
  const units = await firstUnits(resources, signal);

  const { conditionalWrites, bucket } = definition.target;
  if (conditionalWrites === 'require') {
    await probeConditionalWrites(control, base, signal);
    if (bucket !== definition.target.control.bucket) await probeTargetBucket(resources, units[0], signal);
  }
  const containers = findContainers(resources, units);
  // All at once: there are a handful, and each is another server.
  await Promise.all(
    Object.keys(definition.accounts).map((account) => probeAccount(account, containers.get(account), signal)),
  );
}

async function firstUnits(resources: MigrationResources, signal: AbortSignal): Promise<readonly StagedUnit[]> {
  const { layout } = resources.record;
  const [first] = partitionSlices(layout, 0);
  if (first === undefined) throw new Failure('InternalPlanError', 'the layout of this migration has no slice');
  return (await readStagedSlice(resources, first, signal)).units;
}

/**
 * Proves that what was blocked (`account east`, `target archive`) can be used again: a list request at the account, in a container that
 * the first slice names, or a write at the target that must be refused.
 */
export async function probeBlocked(open: OpenMigration, what: string, signal: AbortSignal): Promise<void> {
  const { resources, probeAccount } = open;
  const units = await firstUnits(resources, signal);
  const [kind, name = ''] = what.split(' ');
  if (kind === 'account') {
    await probeAccount(name, findContainers(resources, units).get(name), signal);
    return;
  }
  // A store that ignores conditions would store what is sent to it.
  if (resources.record.definition.target.conditionalWrites === 'require') {
    await probeTargetBucket(resources, units[0], signal);
  } else await resources.target.head(units[0]?.key ?? 'longhaul', signal);
}

/** A write that must be refused, so that nothing is left behind: nobody has this key, so no ETag can match. */
async function probeTargetBucket(
  { target }: MigrationResources,
  unit: StagedUnit | undefined,
  signal: AbortSignal,
): Promise<void> {
  // Beside the first target object, where the credential must be able to write anyway.
  const key = `${unit?.key ?? 'longhaul'}.longhaul-probe-${randomUUID()}`;
  const body = Buffer.from('Longhaul probes conditional writes with this object. It may be deleted.\n');
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  const outcome = await target.put(
    {
      ...{ key, body, crc32: checksum.toString('base64'), metadata: {} },
      condition: { kind: 'etag', etag: '"00000000000000000000000000000000"' },
    },
    signal,
  );
  if (outcome.state === 'stored') {
    throw new Failure('TargetCapability', `the target stored ${key} although its If-Match could not hold; delete it`);
  }
}

/** Finds a container for each account in the lookups of the first units; an account that they do not name has none. */
function findContainers({ find, record }: MigrationResources, units: readonly StagedUnit[]): Map<string, string> {
  const containers = new Map<string, string>();
  const accounts = Object.keys(record.definition.accounts).length;
  for (const unit of units) {
    if (containers.size === accounts) break;
    for (const { account, container } of find.lookups(unit)) {
      if (!containers.has(account)) containers.set(account, container);
    }
  }
  return containers;
}
