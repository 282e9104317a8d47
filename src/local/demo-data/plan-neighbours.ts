import type { DemoAccount, DemoBlobName, DemoContent } from './demo-data-options.js';
import {
  dayFolder,
  demoDays,
  demoRegions,
  extendingTenant,
  monthContainer,
  regionAccount,
  sequenceName,
} from './demo-layout.js';
import type { DemoUnitPlan } from './plan-demo-unit.js';
import { seededRandom } from './seeded-random.js';

/** Plans blobs next to a unit's that no unit selects. Each kind exists for about half of the units. */
export function planNeighbours(content: DemoContent, unit: DemoUnitPlan): readonly DemoBlobName[] {
  const random = seededRandom(content.seed, 'neighbours', unit.index);
  const { tenant, month } = unit;
  const region = random.pick(unit.regions);
  const account = regionAccount(region);
  const folder = dayFolder(tenant, month, random.pick(unit.days));
  const otherDay = random.pick(demoDays.filter((day) => !unit.days.includes(day)));
  const otherRegion = demoRegions.find((candidate) => !unit.regions.includes(candidate));
  const sequence = random.int(1, 9);
  const name = sequenceName(region, sequence);
  const extending = extendingTenant(tenant);
  const extendingName = dayFolder(extending, month, random.pick(unit.days)) + sequenceName(region, 1);

  const at = (where: DemoAccount, blobName: string): DemoBlobName => ({
    account: where,
    container: monthContainer(where, month, content.set),
    name: blobName,
  });
  const candidates = [
    at(account, extendingName),
    at('late', extendingName),
    at(account, `${folder}${name}.tmp`),
    at('late', `${folder}${name}.tmp`),
    at(account, `${folder}${name.replace('.json.bz2', '.idx')}`),
    at(account, `${folder}${region}-manifest.json`),
    at(account, `${folder}${region}-rejected/${name}`),
    at(account, dayFolder(tenant, month, otherDay) + name),
    // A stale copy in the account that is not the region's.
    at(account === 'east' ? 'west' : 'east', folder + name),
    ...(otherRegion === undefined ? [] : [at(regionAccount(otherRegion), folder + sequenceName(otherRegion, 1))]),
  ];
  return candidates.filter(() => random.chance(0.5));
}
