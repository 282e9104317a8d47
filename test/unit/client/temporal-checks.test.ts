import type { Client, Connection } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { temporalChecks } from '../../../src/client/temporal-checks.js';
import type { TemporalChecks } from '../../../src/commands/ports/temporal-checks.js';
import type { CheckInput } from '../../../src/workflows/messages.js';
import { useScaledTime } from '../../support/fakes/scaled-time.js';

useScaledTime(100);

/** The checks of a server that answers so. */
function checksOf(answers: {
  readonly operator?: () => Promise<unknown>;
  readonly service?: Readonly<Record<string, () => Promise<unknown>>>;
  readonly start?: () => Promise<unknown>;
}): TemporalChecks {
  return temporalChecks({
    ...{ namespace: 'default', taskQueue: 'longhaul', pollers: async () => [] },
    connection: {
      workflowService: answers.service ?? {},
      operatorService: { listSearchAttributes: answers.operator },
    } as unknown as Connection,
    client: { workflow: { start: answers.start } } as unknown as Client,
    ask: (_doing, request) => request(),
  });
}

const grpcError = (code: number) => () => Promise.reject(Object.assign(new Error('refused'), { code }));

describe('what check asks of Temporal', () => {
  it('names the types of search attributes as its command line does', async () => {
    const customAttributes = { LonghaulTotal: 3, LonghaulPhase: 2, Odd: 42 };
    expect(await checksOf({ operator: async () => ({ customAttributes }) }).searchAttributes()).toEqual({
      ...{ LonghaulTotal: 'Int', LonghaulPhase: 'Keyword', Odd: '42' },
    });
  });

  it.each([7, 12])('takes code %d to mean that the server does not show its search attributes', async (code) => {
    expect(await checksOf({ operator: grpcError(code) }).searchAttributes()).toBeUndefined();
  });

  it('passes on any other failure', async () => {
    await expect(checksOf({ operator: grpcError(14) }).searchAttributes()).rejects.toThrow('refused');
  });

  it('reads the retention and the version, if they are given', async () => {
    const namespaceOf = (seconds: number | undefined) => async () => ({
      config: { workflowExecutionRetentionTtl: seconds === undefined ? undefined : { seconds } },
    });
    expect(await checksOf({ service: { describeNamespace: namespaceOf(86_400) } }).retentionMs()).toBe(86_400_000);
    expect(await checksOf({ service: { describeNamespace: namespaceOf(undefined) } }).retentionMs()).toBeUndefined();
    const getSystemInfo = async () => ({ serverVersion: '1.32.0' });
    expect(await checksOf({ service: { getSystemInfo } }).serverVersion()).toBe('1.32.0');
  });

  it('ends a check that the workers do not know, and says so', async () => {
    let attempt = 0;
    const ended: string[] = [];
    const handle = {
      workflowId: 'check/orders',
      result: () => new Promise(() => {}),
      describe: async () => ({ raw: { pendingWorkflowTask: { attempt: (attempt += 1) } } }),
      terminate: async (reason: string) => void ended.push(reason),
    };
    const signal = new AbortController().signal;
    const outcome = await checksOf({ start: async () => handle }).runCheck('orders', {} as CheckInput, signal);
    expect(outcome).toEqual({ unknown: 'the workers do not know checks; they are of an older version' });
    expect(ended).toEqual(['the workers do not know checks']);
  });
});
