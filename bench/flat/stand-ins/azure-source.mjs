import { readFileSync } from 'node:fs';
import { virtualAccount } from './virtual-account.mjs';
import { withKey } from './with-key.mjs';

const realUrl = new URL(import.meta.url).searchParams.get('real') ?? '';
const { createAzureSource: createRealSource } = await import(realUrl);
const { Failure } = await import(new URL('../../domain/failure.js', realUrl).href);

/**
 * Stands in for the module of the same name in the workers of the benchmark: blobs are in memory.
 *
 * @param {Parameters<typeof import('../../../src/stores/azure/azure-source.js').createAzureSource>[0]} options
 */
export function createAzureSource(options) {
  const { FLAT_UNITS = '', FLAT_BLOB = '', FLAT_VALID_KEY = '', FLAT_LATENCY } = process.env;
  const account = virtualAccount(Number(FLAT_UNITS), readFileSync(FLAT_BLOB));
  const refused = () => {
    const context = { what: 'account east', status: 403, code: 'AuthenticationFailed' };
    return new Failure('SourceAuth', 'the account refused the key', context);
  };
  return {
    ...createRealSource(options),
    ...withKey(account, {
      credentials: options.credentials,
      validKeyPath: FLAT_VALID_KEY,
      latencyMs: Number(FLAT_LATENCY),
      refused,
    }),
  };
}
