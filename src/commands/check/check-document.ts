import { failureClassRow } from '../../domain/failure-classes.js';
import type { Layout } from '../../domain/layout.js';
import { type Probe, probeGroup } from '../../domain/probe.js';
import { refusalStatus } from '../ending/describe-error.js';
import { exitStatus, type ExitStatus } from '../ending/exit-status.js';
import type { RunEstimate } from './estimate-run.js';

/** Where a probe was made: by this program, or by a worker, which may have other credentials. */
export type ProbePlace = 'here' | 'worker';

/** A probe and where it was made with this result. */
export interface PlacedProbe extends Probe {
  readonly from: readonly ProbePlace[];
}

/** All that a check has found out. */
export interface CheckReport {
  readonly path: string;
  /** Undefined if the file cannot be understood. */
  readonly name: string | undefined;
  readonly layout: Layout | undefined;
  readonly estimate: RunEstimate | undefined;
  readonly probes: readonly PlacedProbe[];
}

/** Returns the document of `check --json`. */
export function checkDocument({ path, name, layout, estimate, probes }: CheckReport) {
  return {
    name: name ?? null,
    file: path,
    verdict: worstVerdict(probes),
    units: layout === undefined ? null : { total: layout.units, slices: layout.slices, partitions: layout.partitions },
    estimate: estimate ?? null,
    probes: probes.map(({ fix = null, class: failureClass = null, endsAt = null, ...probe }) => ({
      ...{ id: probe.id, what: probe.what, verdict: probe.verdict, message: probe.message },
      ...{ fix, class: failureClass, endsAt, from: probe.from },
    })),
  };
}

/** Returns `failed` if any probe has, else `warning` if there is one, else `ok`. Unchecked probes do not count. */
export function worstVerdict(probes: readonly Pick<Probe, 'verdict'>[]): 'ok' | 'warning' | 'failed' {
  const has = (verdict: Probe['verdict']): boolean => probes.some((probe) => probe.verdict === verdict);
  if (has('failed')) return 'failed';
  return has('warning') ? 'warning' : 'ok';
}

/** Returns the exit status of a check: what must be corrected comes before what cannot be reached. */
export function checkStatus(probes: readonly Probe[]): ExitStatus {
  const statuses = new Set(probes.filter(({ verdict }) => verdict === 'failed').map(statusOf));
  return [exitStatus.usage, exitStatus.unexpected, exitStatus.unreachable].find((each) => statuses.has(each)) ?? 0;
}

function statusOf(probe: Probe): ExitStatus {
  if (probe.class === undefined) return probeGroup(probe) === 'temporal' ? exitStatus.unreachable : exitStatus.usage;
  const status = refusalStatus(failureClassRow(probe.class).exit);
  // A unit that would fail is a mistake in the file or its units while nothing has moved.
  return status === exitStatus.failedUnits ? exitStatus.usage : status;
}
