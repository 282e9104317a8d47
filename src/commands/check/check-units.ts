import { toFailure } from '../../domain/failure.js';
import type { Layout } from '../../domain/layout.js';
import type { Probe } from '../../domain/probe.js';
import { createFindRenderer } from '../../definition/find/find-renderer.js';
import { type SpooledUnits, spoolUnits } from '../../staging/spool-units.js';
import type { MigrationFile } from '../migration/read-migration-file.js';
import type { CommandContext } from '../ports/context.js';
import { formatCount } from '../../domain/text/format.js';
import { unitLines } from '../start/unit-lines.js';
import { UnitSampler } from './unit-sampler.js';

/** What is known about the units after all of them were read. */
export interface CheckedUnits {
  readonly probe: Probe;
  /** Undefined if something is wrong with them. */
  readonly spooled: Pick<SpooledUnits, 'unitsDigest' | 'layout'> | undefined;
  readonly sampler: UnitSampler;
}

/** Reads and renders all units as `start` does: their ids, keys and collisions. Writes temporary files only. */
export async function checkUnits(
  context: Pick<CommandContext, 'decode' | 'signal'>,
  file: MigrationFile,
  progress: (units: number) => void,
): Promise<CheckedUnits> {
  const { definition } = file;
  const sampler = new UnitSampler(createFindRenderer(definition), Object.keys(definition.accounts));
  const about = { id: 'file/units', what: `units of ${definition.units.from}` };
  try {
    const spooled = await spoolUnits({
      ...{ definition, file, units: unitLines(context, file), signal: context.signal },
      seen: async (unit) => sampler.see(unit),
      progress: ({ units }) => progress(units),
    });
    await spooled.remove();
    return { probe: { ...about, verdict: 'ok', message: layoutText(spooled.layout) }, spooled, sampler };
  } catch (error) {
    context.signal.throwIfAborted();
    const { message, row, failureClass } = toFailure(error);
    const probe: Probe = { ...about, verdict: 'failed', message, fix: row.hint, class: failureClass };
    return { probe, spooled: undefined, sampler };
  }
}

function layoutText({ units, slices, partitions }: Layout): string {
  const counted = (count: number, what: string): string => `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;
  const of = `${counted(slices, 'slice')} and ${counted(partitions, 'partition')}`;
  return `${counted(units, 'unit')} in ${of}; every id and key is valid, and none occurs twice`;
}
