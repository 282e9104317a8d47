import { readFileSync } from 'node:fs';
import { slowAccount } from './slow-account.mjs';

const { createAzureSource: createRealSource } = await import(new URL(import.meta.url).searchParams.get('real') ?? '');

/**
 * Stands in for the module of the same name in the workers of the benchmark: blobs are in memory, and answered late.
 *
 * @param {Parameters<typeof import('../../../src/stores/azure/azure-source.js').createAzureSource>[0]} options
 */
export function createAzureSource(options) {
  const { SCALING_UNITS, SCALING_BLOBS, SCALING_BLOB = '', SCALING_LATENCY } = process.env;
  const account = slowAccount({
    ...{ units: Number(SCALING_UNITS), blobsOfUnit: Number(SCALING_BLOBS), latencyMs: Number(SCALING_LATENCY) },
    bytes: readFileSync(SCALING_BLOB),
  });
  return { ...createRealSource(options), ...account };
}
