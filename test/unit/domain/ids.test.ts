import { describe, expect, it } from 'vitest';
import { controlKeys } from '../../../src/control/control-keys.js';
import {
  controlTaskQueue,
  migrationOf,
  nameOfRoot,
  partitionWorkflowId,
  planName,
  plannedMigration,
  rangeLabel,
  rootWorkflowId,
  sliceId,
  sliceLabel,
  verificationName,
  verifiedMigration,
} from '../../../src/domain/ids.js';
import { controlBase } from '../../../src/domain/stored/migration-record.js';

describe('ids', () => {
  it('are those that people read in the Web UI', () => {
    expect(rootWorkflowId('orders')).toBe('migration/orders');
    expect(partitionWorkflowId('orders', 0, 7)).toBe('migration/orders/r0000/p0007');
    expect(sliceId(3)).toBe('s0003');
    expect(sliceLabel({ partition: 7, slice: 3 })).toBe('p0007/s0003');
    expect(controlTaskQueue('longhaul')).toBe('longhaul-control');
  });

  it('of a plan begin with its name, and its control objects are below those of the migration', () => {
    expect(rootWorkflowId(planName('orders'))).toBe('plan/orders');
    expect(partitionWorkflowId('plan/orders', 0, 7)).toBe('plan/orders/r0000/p0007');
    expect([plannedMigration('plan/orders'), plannedMigration('orders')]).toEqual(['orders', undefined]);
    expect(['plan/orders', 'orders'].map((name) => nameOfRoot(rootWorkflowId(name)))).toEqual([
      'plan/orders',
      'orders',
    ]);
    expect(controlBase({ prefix: 'a/b', name: 'plan/orders' })).toBe('a/b/orders/plan');
  });

  it('of a verification begin with its name, and its control objects are below those of the migration', () => {
    expect(rootWorkflowId(verificationName('orders'))).toBe('verify/orders');
    expect(nameOfRoot('verify/orders')).toBe('verify/orders');
    expect([verifiedMigration('verify/orders'), verifiedMigration('plan/orders')]).toEqual(['orders', undefined]);
    expect(['verify/orders', 'plan/orders', 'orders'].map(migrationOf)).toEqual(['orders', 'orders', 'orders']);
    expect(controlBase({ prefix: 'a/b', name: 'verify/orders' })).toBe('a/b/orders/verify');
  });

  it('name a range of units by its first and its last', () => {
    expect(rangeLabel(15_500, 500)).toBe('units 15500–15999');
    expect(rangeLabel(0, 1)).toBe('units 0–0');
  });

  it('grow beyond four digits rather than collide', () => {
    expect(partitionWorkflowId('orders', 12_345, 0)).toBe('migration/orders/r12345/p0000');
  });
});

describe('controlKeys', () => {
  const base = controlBase({ prefix: '.longhaul', name: 'orders' });
  const slice = { partition: 7, slice: 3 };

  it('are the stored layout of the control prefix', () => {
    expect([
      controlKeys.owner(base),
      controlKeys.migration(base, 0),
      controlKeys.stagedSlice(base, 0, 'abc', slice),
      controlKeys.ledger(base, 0, slice),
      controlKeys.manifest(base, 0, 42, 'def'),
      controlKeys.upload(base, 1, 42),
      controlKeys.summary(base, 1),
    ]).toEqual([
      '.longhaul/orders/owner.json',
      '.longhaul/orders/r0000/migration.json',
      '.longhaul/orders/r0000/units-abc/p0007/s0003.ndjson.gz',
      '.longhaul/orders/r0000/ledger/p0007/s0003.ndjson.gz',
      '.longhaul/orders/r0000/manifests/42-def.ndjson.gz',
      '.longhaul/orders/r0001/uploads/42.json',
      '.longhaul/orders/r0001/summary.json',
    ]);
  });
});
