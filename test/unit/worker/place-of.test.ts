import { expect, test } from 'vitest';
import { partitionWorkflowId, rootWorkflowId, sliceId } from '../../../src/domain/ids.js';
import { placeOf } from '../../../src/worker/place-of.js';

test("finds the place of a line of Temporal's SDK in its ids", () => {
  const partition = partitionWorkflowId('orders', 2, 7);
  expect(placeOf({ workflowId: rootWorkflowId('orders') })).toEqual({ migration: 'orders' });
  expect(placeOf({ workflowId: partition })).toEqual({ migration: 'orders', round: 2, partition: 'p0007' });
  expect(placeOf({ workflowId: partition, activityId: sliceId(3) })).toMatchObject({ slice: 's0003' });
  expect(placeOf({ workflowId: partitionWorkflowId('plan/orders', 0, 1) })).toMatchObject({ migration: 'plan/orders' });
  expect(placeOf({ workflowId: 'explore/east/1' })).toEqual({});
  expect(placeOf(undefined)).toEqual({});
});
