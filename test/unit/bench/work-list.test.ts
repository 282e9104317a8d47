import { expect, it } from 'vitest';
import { blobsTsv, contentCount, unitsCsv, workList } from '../../../bench/bakeoff/data/work-list.js';

const units = workList(200);
const blobs = units.flatMap((unit) => unit.blobs);

it('a longer list begins with the shorter one', () => {
  expect(workList(20)).toEqual(units.slice(0, 20));
});

it('a unit has about ten blobs, in each of its accounts on each of its days', () => {
  expect(blobs.length / units.length).toBeCloseTo(10, 0);
  for (const unit of units) {
    const places = new Set(unit.blobs.map(({ region, name }) => `${region} ${name.slice(0, 10)}`));
    expect(places.size, unit.id).toBe(unit.days * unit.regions.length);
  }
});

it('blobs are in the order of their names, which alternates between accounts', () => {
  for (const unit of units) {
    const names = unit.blobs.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
  }
  expect(units.some((unit) => unit.blobs[0]!.region !== unit.blobs[1]!.region)).toBe(true);
});

it('no two blobs have one name, and no two units have the same contents', () => {
  expect(new Set(blobs.map(({ name }) => name)).size).toBe(blobs.length);
  const contents = units.map((unit) => unit.blobs.map(({ content }) => content).join());
  expect(new Set(contents).size).toBe(units.length);
  expect(Math.max(...blobs.map(({ content }) => content))).toBeLessThan(contentCount);
});

it('is written as a units file, and as the blobs of the source', () => {
  const [head, first = ''] = unitsCsv(units).split('\n');
  expect(head).toBe('unit_id,start,days,regions,blobs');
  expect(first).toMatch(/^unit-000000,2024-\d\d-\d\d,[1-3],(eu|us|ap)(\|(eu|us|ap))?,\d+$/);
  expect(blobsTsv(units).trimEnd().split('\n')).toHaveLength(blobs.length);
  expect(blobsTsv(units)).toMatch(
    /^(eu|us|ap)\tevents-2024-\d\d\t2024\/\d\d\/\d\d\/[0-9a-f]{4}\/unit-000000-0000\.json\.bz2\t\d+\n/,
  );
});
