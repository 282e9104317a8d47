import { describe, expect, test } from 'vitest';
import { createCheckSources } from '../../src/activities/check/check-sources.js';
import { createCheckTarget } from '../../src/activities/check/check-target.js';
import type { CheckSourcesInput, CheckTargetInput } from '../../src/activities/activity-messages.js';
import { createRedact } from '../../src/domain/text/redact-secrets.js';
import { Failure } from '../../src/domain/failure.js';
import type { Probe } from '../../src/domain/probe.js';
import type { ProbedSource } from '../../src/probes/source/probed-source.js';
import type { ProbedTarget } from '../../src/probes/target/probed-target.js';
import { MemoryBlobSource } from '../support/fakes/memory-blob-source.js';
import { mockActivity } from '../support/fakes/mock-activity.js';

const redact = createRedact(['very-secret-value']);
const leaky = new Failure('SourceAuth', 'account east: very-secret-value was refused');

describe('the activities of a check', () => {
  test('tell no secret, whatever an account answers, and close what they opened', async () => {
    let closed = 0;
    const source: ProbedSource = Object.assign(new MemoryBlobSource(), {
      describeCredential: () => Promise.reject(leaky),
      probeAccount: () => Promise.reject(leaky),
    });
    const find = { lookups: () => [], expect: () => ({}) };
    const checkSources = createCheckSources({
      redact,
      openProbedSources: () => ({ source, find, close: () => void (closed += 1) }),
    });
    const input: CheckSourcesInput = {
      ...{ accounts: { east: { endpoint: 'https://east.blob.core.windows.net' } }, find: [], expect: {} },
      ...{ decompress: 'bzip2', units: [] },
    };
    const result = await mockActivity({}).run<[CheckSourcesInput], { probes: readonly Probe[] }, typeof checkSources>(
      checkSources,
      input,
    );
    expect(result.probes.map(({ id, message }) => `${id}: ${message}`)).toEqual([
      'source/east/credential: account east: [redacted] was refused',
      'source/east/list: account east: [redacted] was refused',
    ]);
    expect(closed).toBe(1);
  });

  test('look at the target below the control prefix of the migration', async () => {
    const missing = new Failure('TargetMissing', 'find the bucket: it does not exist; very-secret-value');
    let closed = 0;
    const checkTarget = createCheckTarget({
      redact,
      openProbedTarget: (definition) =>
        ({
          definition,
          targetBucket: { find: () => Promise.reject(missing) },
          close: () => (closed += 1),
        }) as unknown as ProbedTarget,
    });
    const input: CheckTargetInput = {
      ...{ name: 'orders', exampleKey: 'orders/1', keyPrefix: 'orders/' },
      target: {
        ...{ bucket: 'archive', key: 'orders/{{ id }}', tags: {}, metadata: {}, overwrite: 'never' },
        ...{ conditionalWrites: 'require', control: { bucket: 'archive', prefix: '.longhaul' } },
      },
    };
    const probes = await mockActivity({}).run<[CheckTargetInput], readonly Probe[], typeof checkTarget>(
      checkTarget,
      input,
    );
    expect(probes).toMatchObject([
      { id: 'target/bucket', verdict: 'failed', message: 'find the bucket: it does not exist; [redacted]' },
    ]);
    expect(closed).toBe(1);
  });
});
