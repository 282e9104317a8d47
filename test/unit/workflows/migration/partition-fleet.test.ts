import { describe, expect, test } from 'vitest';
import type { PartitionControl } from '../../../../src/workflows/operator-messages.js';
import { PartitionFleet } from '../../../../src/workflows/migration/partition-fleet.js';
import type { PartitionHandle } from '../../../../src/workflows/migration/start-partition.js';

/** A fleet whose partitions have all started, and what each was told. */
function fleetOf(partitions: number, width: number) {
  const told = new Map<number, unknown[]>();
  const fleet = new PartitionFleet(partitions, width, () => {});
  const begin = (partition: number): PartitionControl => {
    const control = fleet.begin(partition);
    const heard: unknown[] = [];
    told.set(partition, heard);
    const handle = { workflowId: '', signal: async (_signal: unknown, what: unknown) => void heard.push(what) };
    fleet.started(partition, handle as unknown as PartitionHandle);
    return control;
  };
  return { fleet, begin, told: (partition: number) => told.get(partition) ?? [] };
}

describe('the partitions that run', () => {
  test('of a narrower window wait, the newest first, and take their turn when another ends', () => {
    const { fleet, begin, told } = fleetOf(8, 3);
    for (const partition of [0, 1, 2]) begin(partition);
    fleet.control(1, 'none');
    expect([told(0), told(1), told(2)]).toEqual([
      [],
      [{ revision: 1, slicesAtOnce: 0, pause: 'none' }],
      [{ revision: 1, slicesAtOnce: 0, pause: 'none' }],
    ]);
    expect(fleet.takesMore).toBe(false);
    fleet.ended(0);
    expect(told(1).at(-1)).toEqual({ revision: 2, slicesAtOnce: 1, pause: 'none' });
    expect(told(2)).toHaveLength(1);
  });

  test('are told to run more slices each when fewer are left', () => {
    const { fleet, begin, told } = fleetOf(4, 4);
    for (const partition of [0, 1, 2, 3]) begin(partition);
    fleet.ended(0);
    expect(told(3)).toEqual([]);
    fleet.ended(1);
    expect(told(3)).toEqual([{ revision: 1, slicesAtOnce: 2, pause: 'none' }]);
  });

  test('have come to rest when each has said so after it was told to', () => {
    const { fleet, begin } = fleetOf(2, 2);
    begin(0);
    fleet.standing({ partition: 0, heard: 0, waitsFor: ['account east'] });
    expect(fleet.isIdle).toBe(true);
    fleet.control(2, 'now');
    expect(fleet.isIdle).toBe(false);
    fleet.standing({ partition: 0, heard: 0, waitsFor: [] });
    expect(fleet.isIdle).toBe(false);
    fleet.standing({ partition: 0, heard: 1, waitsFor: ['account east'] });
    expect(fleet.isIdle).toBe(true);
    expect(fleet.width).toBe(0);
  });

  test('that wait have given their place up, and get another before new ones begin', () => {
    const { fleet, begin, told } = fleetOf(5, 1);
    begin(0);
    expect(fleet.standing({ partition: 0, heard: 0, waitsFor: ['account east'] })).toEqual(['account east']);
    expect(fleet.width).toBe(2);
    begin(1);
    fleet.release('account west');
    expect(told(0)).toEqual([]);
    fleet.release('account east');
    expect(fleet.takesMore).toBe(false);
    expect(told(0)).toEqual([{ revision: 1, slicesAtOnce: 0, pause: 'none' }]);
    fleet.ended(1);
    expect(told(0).slice(1)).toEqual([{ revision: 2, slicesAtOnce: 1, pause: 'none' }, { whats: ['account east'] }]);
  });
});
