import { expect, test } from 'vitest';
import { sampleRatio } from '../../../src/telemetry/traces/sample-ratio.js';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

test.each([
  ['nobody is named who takes spans', {}, undefined],
  ['an endpoint is named', endpoint, 0.01],
  ['an endpoint for traces alone is named', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/x' }, 0.01],
  ['a share is set', { ...endpoint, OTEL_TRACES_SAMPLER_ARG: '0.5' }, 0.5],
  ['the share is none', { ...endpoint, OTEL_TRACES_SAMPLER_ARG: 'many' }, 0.01],
  ['all are wanted', { ...endpoint, OTEL_TRACES_SAMPLER: 'parentbased_always_on' }, 1],
  ['none are wanted', { ...endpoint, OTEL_TRACES_SAMPLER: 'always_off' }, undefined],
  ['the SDK is turned off', { ...endpoint, OTEL_SDK_DISABLED: 'true' }, undefined],
])('spans where %s', (_where, variables, ratio) => {
  expect(sampleRatio(variables)).toBe(ratio);
});
