import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc32Base64 } from '../../domain/text/crc32-base64.js';
import { Failure } from '../../domain/failure.js';
import { partitionSlices } from '../../domain/layout.js';
import type { StagedUnit } from '../../domain/unit.js';
import type { MigrationResources } from '../../pipeline/unit/migration-resources.js';
import { tryAgain } from '../../flow/try-again.js';
import { asCapability } from '../../probes/as-capability.js';
import { noSuchEtag, probeComplete, probeCompleteOfNothing } from '../../probes/target/probe-complete.js';
import { probeConditionalWrites } from '../../probes/target/probe-conditional-writes.js';
import { readOwner } from '../../control/owner.js';
import { readStagedSlice } from '../../control/staged-slice.js';
import type { OpenMigration } from '../activity-dependencies.js';
import { probeAccounts } from './probe-accounts.js';

/**
 * Proves before anything moves that the control store and the target bucket honour conditions, unless the migration
 * file says that they do not. At the first start of a migration, also proves that every source account answers, with
 * one list request in a container that the first slice names. Later, an account that is refused blocks its own units
 * only. A verification needs no source; its target must list the keys, because a HEAD cannot tell a missing object from
 * a missing bucket.
 */
export async function probeStores(open: OpenMigration, signal: AbortSignal): Promise<void> {
  const { resources, probeAccount } = open;
  const { definition } = resources.record;
  const units = await firstUnits(resources, signal);
  if (definition.target.conditionalWrites === 'require') await probeConditions(open, units[0], signal);
  const [first] = units;
  if (resources.record.verify !== undefined) {
    await tryAgain(() => resources.target.listPage(first?.key ?? '', undefined, signal), signal);
    return;
  }
  if ((await readOwner(resources, signal)) !== undefined) return;
  const containers = findContainers(resources, units);
  await probeAccounts(Object.keys(definition.accounts), (account) =>
    probeAccount(account, containers.get(account), signal),
  );
}

/**
 * Tries each condition that Longhaul relies on: on a new object, on replacing an object, and on completing an upload.
 */
async function probeConditions(
  { resources, withControlTarget }: OpenMigration,
  unit: StagedUnit | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { control, base, record } = resources;
  const { bucket, control: place } = record.definition.target;
  try {
    await probeConditionalWrites(control, base, signal);
    // Nothing is published in a plan or a verification.
    if (record.plan !== undefined || record.verify !== undefined) return;
    await withControlTarget((target) => probeComplete({ control, base }, target, signal));
    if (bucket !== place.bucket) await probeTargetBucket(resources, unit, signal);
  } catch (error) {
    throw asCapability(error);
  }
}

async function firstUnits(resources: MigrationResources, signal: AbortSignal): Promise<readonly StagedUnit[]> {
  const { layout } = resources.record;
  const [first] = partitionSlices(layout, 0);
  if (first === undefined) throw new Failure('InternalPlanError', 'the layout of this migration has no slice');
  return (await readStagedSlice(resources, first, signal)).units;
}

/** Tries writes that must be refused and so leave nothing behind: no object has this key, so no ETag can match. */
async function probeTargetBucket(
  { target }: MigrationResources,
  unit: StagedUnit | undefined,
  signal: AbortSignal,
): Promise<void> {
  // Next to the first target object, where the credential must be able to write anyway.
  const key = `${unit?.key ?? 'longhaul'}.longhaul-probe-${randomUUID()}`;
  const body = Buffer.from('Longhaul probes conditional writes with this object. It may be deleted.\n');
  const condition = { kind: 'etag', etag: noSuchEtag } as const;
  const put = { key, body, crc32: crc32Base64(crc32(body)), metadata: {}, condition };
  const outcome = await tryAgain(() => target.put(put, signal), signal);
  if (outcome.state === 'stored') {
    throw new Failure('TargetCapability', `the target stored ${key} although its If-Match could not hold; delete it`);
  }
  await probeCompleteOfNothing(target, key, signal);
}

/** Finds a container for each account in the lookups of the first units. An account that they do not name has none. */
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
