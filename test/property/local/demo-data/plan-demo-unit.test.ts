import fc from 'fast-check';
import { expect, it } from 'vitest';
import { demoContainers } from '../../../../src/local/demo-data/demo-containers.js';
import type { DemoBlobName } from '../../../../src/local/demo-data/demo-data-options.js';
import { planDemoUnit } from '../../../../src/local/demo-data/plan-demo-unit.js';
import { planNeighbours } from '../../../../src/local/demo-data/plan-neighbours.js';

const contentAndIndex = fc
  .record({ seed: fc.integer(), units: fc.integer({ min: 1, max: 1_000_000 }) })
  .chain((content) => fc.tuple(fc.constant(content), fc.integer({ min: 0, max: content.units - 1 })));

it('plans each unit within its bounds, from seed and index alone', () => {
  fc.assert(
    fc.property(contentAndIndex, ([content, index]) => {
      const unit = planDemoUnit(content, index);
      expect(planDemoUnit(content, index)).toEqual(unit);
      expect(unit.blobs.length).toBeGreaterThanOrEqual(1);
      expect(unit.blobs.length).toBeLessThanOrEqual(40);
      expect(unit.days.length * unit.regions.length).toBeLessThanOrEqual(6);
      expect(unit.blobs.some(({ rawBytes }) => rawBytes > 0)).toBe(true);
      expect(unit.blobs.map(({ name }) => name)).toEqual(unit.blobs.map(({ name }) => name).toSorted(byBytes));
    }),
  );
});

it('gives every blob, selected or not, its own place in a container announced beforehand', () => {
  fc.assert(
    fc.property(contentAndIndex, ([content, index]) => {
      const unit = planDemoUnit(content, index);
      const places = [...unit.blobs, ...planNeighbours(content, unit)].map(place);
      expect(new Set(places).size).toBe(places.length);
      const containers = new Set(demoContainers(content).map(({ account, container }) => `${account}/${container}`));
      for (const { account, container } of [...unit.blobs, ...planNeighbours(content, unit)]) {
        expect(containers).toContain(`${account}/${container}`);
      }
    }),
  );
});

function place({ account, container, name }: DemoBlobName): string {
  return `${account}/${container}/${name}`;
}

function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
