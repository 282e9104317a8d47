import { Failure } from '../../../domain/failure.js';
import type { StagedUnit } from '../../../domain/unit.js';
import type { MigrationResources } from '../../unit/migration-resources.js';
import type { RequestTrouble } from './request-troubles.js';
import { accountName, targetName } from '../slice-job.js';

/**
 * Returns the trouble of a unit whose requests do not fail but wait for a store that does not answer; undefined if all
 * its stores answer. When a request times out, the trouble becomes a failure of the same class.
 */
export function silenceFor(
  unit: StagedUnit,
  resources: Pick<MigrationResources, 'find' | 'record' | 'silent'>,
): RequestTrouble | undefined {
  const { find, silent } = resources;
  const accounts = new Set(find.lookups(unit).map(({ account }) => account));
  for (const account of accounts) {
    const silentMs = silent.account(account);
    if (silentMs !== undefined) return trouble(silentMs, 'SourceStalled', accountName(account));
  }
  const silentMs = silent.target();
  return silentMs === undefined ? undefined : trouble(silentMs, 'TargetNetwork', targetName({ resources }));
}

function trouble(silentMs: number, failureClass: 'SourceStalled' | 'TargetNetwork', what: string): RequestTrouble {
  const failure = new Failure(failureClass, `${what}: requests wait, and none is answered`, { what });
  return { sinceMs: Date.now() - Math.round(silentMs), failure };
}
