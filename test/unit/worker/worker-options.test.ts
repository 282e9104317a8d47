import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { commonWorkerOptions, mainWorkerOptions } from '../../../src/worker/worker-options.js';

const { compileWorkerOptions } = createRequire(import.meta.url)('@temporalio/worker/lib/worker-options.js') as {
  readonly compileWorkerOptions: (options: object) => { readonly isolateExecutionTimeoutMs: number };
};

it('a step of a workflow may take two minutes by the clock, since to stop it kills the process', () => {
  const options = { ...commonWorkerOptions(1_000), ...mainWorkerOptions, taskQueue: 'queue', activities: {} };
  expect(compileWorkerOptions(options).isolateExecutionTimeoutMs).toBe(120_000);
});
