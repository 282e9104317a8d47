import type { GeneratedMigration } from '../migrations/generated-migration.js';
import type { Fault } from './fault.js';
import type { FaultPlan } from './fault-proxy.js';

/** Returns a plan that answers every read of a blob of these units with a fault. */
export function onReadsOf(units: GeneratedMigration['expected'], fault: Fault): FaultPlan {
  const paths = new Set(units.flatMap(({ wantedBlobNames }) => wantedBlobNames.map(pathOf)));
  return ({ kind, path }) => (kind === 'read blob' && paths.has(path) ? fault : undefined);
}

function pathOf({ account, container, name }: { account: string; container: string; name: string }): string {
  return `/prod${account}/${container}/${name}`;
}
