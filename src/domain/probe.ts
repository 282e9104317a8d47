import type { FailureClass } from './failure-classes.js';

/**
 * How a probe ended. `ok`: as it should be. `warning`: it works, but somebody may regret it. `failed`: the migration
 * would not work. `unchecked`: it could not be found out.
 */
export type ProbeVerdict = 'ok' | 'warning' | 'failed' | 'unchecked';

/** One thing that `check` has looked at. It holds no secret. */
export interface Probe {
  /** Its group and its name in it, such as `target/list-parts` or `source/east/read`. */
  readonly id: string;
  /** What was looked at, in a few words. */
  readonly what: string;
  readonly verdict: ProbeVerdict;
  /** What was found. */
  readonly message: string;
  /** What to do, unless all is well. */
  readonly fix?: string;
  /** Class of the failure that decided the verdict. */
  readonly class?: FailureClass;
  /** When the credential that was looked at ends, in ISO 8601, UTC. */
  readonly endsAt?: string;
}

/** The groups of probes, in the order in which they are shown. */
export const probeGroups = ['file', 'source', 'target', 'temporal'] as const;

/** Returns the group that a probe belongs to. */
export function probeGroup({ id }: Pick<Probe, 'id'>): (typeof probeGroups)[number] {
  const name = id.slice(0, id.indexOf('/'));
  const group = probeGroups.find((each) => each === name);
  if (group === undefined) throw new Error(`the probe ${id} is in no group`);
  return group;
}

/** What some lookups have found, from which the size of a migration is guessed. */
export interface UnitsSample {
  readonly lookups: number;
  readonly blobs: number;
  readonly bytes: number;
}
