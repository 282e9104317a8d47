import { describe, expect, it } from 'vitest';
import { demoShard, demoTenant, extendingTenant } from '../../../../src/local/demo-data/demo-layout.js';
import { planDemoUnit } from '../../../../src/local/demo-data/plan-demo-unit.js';
import { planNeighbours } from '../../../../src/local/demo-data/plan-neighbours.js';

const content = { seed: 1, units: 300, bigUnitRawBytes: 0 };
const units = Array.from({ length: content.units }, (_, index) => planDemoUnit(content, index));

describe('the default demo', () => {
  it('has about ten blobs a unit, from one to forty', () => {
    const counts = units.map(({ blobs }) => blobs.length);
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    expect(mean).toBeGreaterThan(8);
    expect(mean).toBeLessThan(12);
    expect(Math.min(...counts)).toBe(1);
    expect(Math.max(...counts)).toBeGreaterThan(30);
    expect(Math.max(...counts)).toBeLessThanOrEqual(40);
  });

  it('has the same blobs, but smaller ones, where a size is asked for', () => {
    const blobRawBytes = 6_000;
    const small = units.map(({ index }) => planDemoUnit({ ...content, blobRawBytes }, index).blobs).flat();
    expect(small.map(({ name }) => name)).toEqual(units.flatMap(({ blobs }) => blobs.map(({ name }) => name)));
    const sizes = small.flatMap(({ rawBytes }) => (rawBytes > 0 ? [rawBytes] : []));
    const mean = sizes.reduce((sum, bytes) => sum + bytes, 0) / sizes.length;
    expect(mean).toBeGreaterThan(blobRawBytes * 0.9);
    expect(mean).toBeLessThan(blobRawBytes * 1.1);
  });

  it('takes from all accounts, several regions and several days', () => {
    const blobs = units.flatMap((unit) => unit.blobs);
    expect(new Set(blobs.map(({ account }) => account))).toEqual(new Set(['east', 'west', 'late']));
    expect(new Set(blobs.map(({ region }) => region))).toEqual(new Set(['ap', 'eu', 'us']));
    expect(units.every(({ days, regions }) => days.length + regions.length > 2)).toBe(true);
  });

  it('mixes the accounts in the order of names, so that lookup after lookup would be another order', () => {
    const late = (unit: (typeof units)[number]): number[] =>
      unit.blobs.map(({ account }) => Number(account === 'late'));
    expect(units.filter((unit) => late(unit).join('') !== late(unit).toSorted().join('')).length).toBeGreaterThan(100);
  });

  it('has equal names in two accounts, the late one being second', () => {
    const ties = units.flatMap(({ blobs }) =>
      blobs.flatMap((blob, position) => {
        const next = blobs[position + 1];
        return next?.name === blob.name ? [[blob.account, next.account]] : [];
      }),
    );
    expect(ties.length).toBeGreaterThan(20);
    expect(ties.every(([first, second]) => first !== 'late' && second === 'late')).toBe(true);
  });

  it('has ids that extend each other, among its own and beside them in the same shard', () => {
    const tenants = new Set(units.map(({ tenant }) => tenant));
    expect(tenants).toContain('acme-1');
    expect(tenants).toContain('acme-10');
    const extending = extendingTenant('acme-1');
    expect(extending).toMatch(/^acme-1\d{4}$/);
    expect(demoShard(extending)).toBe(demoShard('acme-1'));
    const folder = `${demoShard('acme-1')}/acme-1`;
    const neighbours = units
      .filter(({ tenant }) => tenant === 'acme-1')
      .flatMap((unit) => planNeighbours(content, unit));
    expect(neighbours.some(({ name }) => name.startsWith(folder) && !name.startsWith(`${folder}/`))).toBe(true);
  });

  it('has neighbours with other endings', () => {
    const names = units.flatMap((unit) => planNeighbours(content, unit)).map(({ name }) => name);
    for (const ending of ['.json.bz2', '.json.bz2.tmp', '.idx', '-manifest.json']) {
      expect(
        names.some((name) => name.endsWith(ending)),
        ending,
      ).toBe(true);
    }
  });
});

describe('demoTenant', () => {
  it('gives a million units their own tenants', () => {
    const tenants = Array.from({ length: Math.ceil(1_000_000 / 48) }, (_, index) => demoTenant(index));
    expect(new Set(tenants).size).toBe(tenants.length);
    expect(Math.max(...tenants.map((tenant) => Number(tenant.split('-')[1])))).toBeLessThan(10_000);
  });
});
