import type { Connection } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { temporalClientPort } from '../../../src/client/temporal-client-port.js';

/** A server that answers every question so. */
function portOf(answer: () => Promise<unknown>) {
  const connection = {
    withDeadline: async (_deadline: number, act: () => Promise<unknown>) => act(),
    workflowService: { queryWorkflow: answer },
  } as unknown as Connection;
  return temporalClientPort({
    ...{
      address: '127.0.0.1:7233',
      namespace: 'default',
      taskQueue: 'longhaul',
      connection,
      client: undefined as never,
    },
  });
}

const refusal = (code: number) => () => Promise.reject(Object.assign(new Error('refused'), { code }));

describe('asking whether a worker is there', () => {
  it('counts any answer as a worker', async () => {
    expect(await portOf(async () => ({})).isAnswered('orders', 'run-1')).toBe(true);
  });

  it.each([
    ['the question is not known to the worker', 3, true],
    ['the root has ended meanwhile', 5, true],
    ['the deadline has passed', 4, false],
    ['the server has cancelled the call at its deadline', 1, false],
    ['the server knows of no poller', 9, false],
  ])('when %s, code %d, says %s', async (_why, code, isThere) => {
    expect(await portOf(refusal(code)).isAnswered('orders', 'run-1')).toBe(isThere);
  });

  it('reports that the server cannot be reached', async () => {
    await expect(portOf(refusal(14)).isAnswered('orders', 'run-1')).rejects.toMatchObject({ exitStatus: 6 });
  });
});
