import type { Damage } from './damage.js';
import type { DemoUnitPlan, PlannedBlob } from './plan-demo-unit.js';

/** A unit to spoil, by damaging one of its blobs or by removing all of them. */
export interface SpoiledUnit {
  readonly unit: DemoUnitPlan;
  /** One of the unit's blobs, or undefined if the unit keeps none. */
  readonly badBlob: PlannedBlob | undefined;
}

/** Chooses the blob in the middle of a unit and makes it one stream with lines, or removes all blobs. */
export function spoilUnit(unit: DemoUnitPlan, damage: Damage): SpoiledUnit {
  if (damage === 'no-blobs') return { unit: { ...unit, blobs: [] }, badBlob: undefined };
  const position = Math.floor(unit.blobs.length / 2);
  const blobs = unit.blobs.map((blob, index) =>
    index === position ? { ...blob, streams: 'one' as const, rawBytes: Math.max(4000, blob.rawBytes) } : blob,
  );
  return { unit: { ...unit, blobs }, badBlob: blobs[position] };
}
