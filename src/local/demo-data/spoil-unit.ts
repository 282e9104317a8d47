import type { Damage } from './damage.js';
import type { DemoUnitPlan, PlannedBlob } from './plan-demo-unit.js';

/** A unit of which one blob, or the presence of any, is to be spoiled. */
export interface SpoiledUnit {
  readonly unit: DemoUnitPlan;
  /** One of the unit's blobs; undefined when the unit keeps none. */
  readonly badBlob: PlannedBlob | undefined;
}

/** Chooses the blob in the middle of a unit and makes it one stream with lines in it, or takes all blobs away. */
export function spoilUnit(unit: DemoUnitPlan, damage: Damage): SpoiledUnit {
  if (damage === 'no-blobs') return { unit: { ...unit, blobs: [] }, badBlob: undefined };
  const position = Math.floor(unit.blobs.length / 2);
  const blobs = unit.blobs.map((blob, index) =>
    index === position ? { ...blob, streams: 'one' as const, rawBytes: Math.max(4000, blob.rawBytes) } : blob,
  );
  return { unit: { ...unit, blobs }, badBlob: blobs[position] };
}
