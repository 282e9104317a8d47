import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { expect, test } from 'vitest';
import { isInterrupted } from '../../../../src/workflows/is-interrupted.js';

const failure = (retryState: ActivityFailure['retryState'], cause: Error) =>
  new ActivityFailure('activity failed', 'moveSlice', 's0003', retryState, undefined, cause);
const socket = ApplicationFailure.retryable('the socket was closed');

test.each([
  ['cancelled while it was queued', failure('NON_RETRYABLE_FAILURE', new CancelledFailure('ACTIVITY_ID_NOT_STARTED'))],
  ['failed after the cancel was asked for', failure('CANCEL_REQUESTED', socket)],
  [
    'its worker died after the cancel was asked for',
    failure('CANCEL_REQUESTED', new TimeoutFailure('heartbeat', undefined, TimeoutType.HEARTBEAT)),
  ],
])('a slice that was %s is interrupted', (_, error) => {
  expect(isInterrupted(error)).toBe(true);
});

test('a slice that failed by itself is not', () => {
  expect(isInterrupted(failure('NON_RETRYABLE_FAILURE', socket))).toBe(false);
  expect(isInterrupted(socket)).toBe(false);
});
