import { Failure } from '../../../src/domain/failure.js';
import type { Receipt } from '../../../src/domain/receipt.js';
import { moveUnit } from '../../../src/pipeline/unit/move-unit.js';
import { createProcessResources } from '../../../src/flow/process-resources.js';
import type { UnitJob } from '../../../src/pipeline/unit/unit-job.js';
import type { MemoryFault } from './memory-faults.js';
import type { MemoryMigration } from './memory-migration.js';

/** Moves the first unit of a migration in a process of its own, and checks that it returns all of its budget. */
export async function attemptUnit(
  migration: MemoryMigration,
  { aheadBytes, ...changes }: Partial<UnitJob> & { readonly aheadBytes?: number } = {},
): Promise<Receipt> {
  const process = createProcessResources({ aheadBytes });
  const receipt = await moveUnit({
    unit: migration.unit,
    resources: migration.resources,
    process,
    askFirst: false,
    moved: () => undefined,
    buildInfo: 'longhaul test',
    signal: new AbortController().signal,
    ...changes,
  });
  if (process.ahead.usedBytes > 0) throw new Error(`${process.ahead.usedBytes} bytes were not given back`);
  return receipt;
}

/**
 * Makes the attempt die: the first request to the target that `dies` accepts fails, and so does everything after it.
 */
export function dieAt(
  migration: MemoryMigration,
  dies: (request: { readonly kind: string; readonly count: number }) => boolean,
): void {
  const dead = { fault: 'fail', failure: new Failure('Unexpected', 'the process is no more') } as const;
  let died = false;
  const hook = (request: { readonly kind: string; readonly count: number }): MemoryFault | undefined => {
    died ||= dies(request);
    return died ? dead : undefined;
  };
  migration.target.requests.hook = hook;
  migration.control.requests.hook = (request) => hook({ ...request, kind: `control ${request.kind}` });
}

/** Lets requests through again, for the next process. */
export function revive(migration: MemoryMigration): void {
  migration.target.requests.hook = undefined;
  migration.control.requests.hook = undefined;
}

/** Makes some reads of a blob return other bytes, as damage in transit would. `reads` are counted from 1. */
export function spoilReads(
  migration: MemoryMigration,
  name: string,
  reads: readonly number[],
  bytes: Uint8Array,
): void {
  const open = migration.source.open.bind(migration.source);
  let count = 0;
  migration.source.open = (wanted, signal) => {
    if (wanted.name !== name) return open(wanted, signal);
    count += 1;
    if (!reads.includes(count)) return open(wanted, signal);
    return (async function* () {
      yield bytes;
    })();
  };
}
