import type { Definition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import type { Manifest } from '../../domain/manifest.js';
import type { StagedUnit } from '../../domain/unit.js';
import { findBlobs, type Finding } from './find-blobs.js';
import { freezeManifest } from './freeze-manifest.js';
import { incompleteness } from './incompleteness.js';
import type { FoundBlob } from './order-blobs.js';
import { sequenceNote } from './sequence-note.js';

/** What discovery needs from a migration. */
export interface Discovery extends Finding {
  readonly definition: Pick<Definition, 'order' | 'transform' | 'limits'>;
  /** Called with what the operator should know although the unit is complete. */
  readonly note?: (text: string) => void;
  /** Called with the blobs in order, before `expect` is checked: they are known even if the unit is incomplete. */
  readonly found?: (blobs: readonly FoundBlob[]) => void;
}

/**
 * Finds a unit's blobs, checks `expect` and freezes them as a manifest (which may have no blobs). Fails with
 * `Incomplete`, or as {@link findBlobs} does.
 */
export async function discover(unit: StagedUnit, discovery: Discovery, signal: AbortSignal): Promise<Manifest> {
  const blobs = await findBlobs(unit, discovery, signal);
  discovery.found?.(blobs);
  const expect = discovery.find.expect(unit);
  const lack = incompleteness(blobs, expect);
  if (lack !== undefined) throw new Failure('Incomplete', lack.message, { blob: lack.blob });
  const note = sequenceNote(blobs, expect);
  if (note !== undefined) discovery.note?.(note);
  return freezeManifest(blobs, discovery.definition.transform);
}
