import { expect, it } from 'vitest';
import type { ProcessState } from '../../../../src/worker/health/process-state.js';
import { watchTemporal } from '../../../../src/worker/health/watch-temporal.js';

it('each change of whether Temporal answers is reported once, until the end', async () => {
  const answers = [true, true, false, false, true, true];
  const told: ProcessState[] = [];
  const end = new AbortController();
  await watchTemporal({
    ask: () => {
      const answer = answers.shift();
      if (answers.length === 0) end.abort();
      return answer === true ? Promise.resolve() : Promise.reject(new Error('unavailable'));
    },
    tell: (state) => told.push(state),
    signal: end.signal,
    everyMs: 0,
  });
  expect(told).toEqual(['polling', 'unreachable', 'polling']);
});
