import type { ControlStore } from '../../../src/control/control-store.js';
import type { Layout } from '../../../src/domain/layout.js';
import { spoolUnits, type SpoolRequest } from '../../../src/staging/spool-units.js';
import { writeSlices } from '../../../src/staging/write-slices.js';

/** Renders, checks and writes all units of a first round. Removes its temporary files afterwards, also on failure. */
export async function stageUnits(
  request: SpoolRequest & { readonly store: Pick<ControlStore, 'overwrite'>; readonly base: string },
): Promise<{ readonly unitsDigest: string; readonly layout: Layout }> {
  const spooled = await spoolUnits(request);
  try {
    const { store, base, signal, progress } = request;
    await writeSlices({ spooled, store, base, round: 0, signal, progress });
    return { unitsDigest: spooled.unitsDigest, layout: spooled.layout };
  } finally {
    await spooled.remove();
  }
}
