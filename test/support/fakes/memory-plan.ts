import { allContainerFindings } from '../../../src/control/plan/stored-unclaimed.js';
import type { ContainerFindings } from '../../../src/domain/stored/unclaimed-records.js';
import { createProcessResources } from '../../../src/flow/process-resources.js';
import { moveSlice } from '../../../src/pipeline/slice/move-slice.js';
import { MemoryMigration, type MemoryMigrationOptions } from './memory-migration.js';

/** Returns a plan with all its stores in memory, of which all units have been looked at after `look`. */
export function memoryPlan(options: MemoryMigrationOptions) {
  const migration = new MemoryMigration(options);
  const record = { ...migration.resources.record, plan: { of: options.units, seed: 1 } };
  const resources = { ...migration.resources, record };
  const { signal } = new AbortController();
  const look = () =>
    moveSlice({
      ...{ task: migration.task, resources, process: createProcessResources({ unitsInFlight: 4 }), signal },
      ...{ beat: () => {}, buildInfo: 'longhaul 0.1.0' },
    });
  const round = { control: migration.control, base: migration.base, round: 0 };
  /** What was found so far, by container. */
  const findings = async (): Promise<Readonly<Record<string, ContainerFindings>>> => {
    const all: Record<string, ContainerFindings> = {};
    for await (const each of allContainerFindings(round, signal)) all[`${each.account}/${each.container}`] = each;
    return all;
  };
  return { migration, resources, round, look, findings };
}
