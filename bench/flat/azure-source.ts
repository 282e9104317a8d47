import { readFileSync } from 'node:fs';
import { createAzureSource as createRealSource } from '../../src/stores/azure/azure-source.js';
import { virtualAccount } from './virtual-account.js';
import { withKey } from './with-key.js';

/** Stands for the module of the same name in the workers of the benchmark. */
export function createAzureSource(
  options: Parameters<typeof createRealSource>[0],
): ReturnType<typeof createRealSource> {
  const { FLAT_UNITS = '', FLAT_BLOB = '', FLAT_VALID_KEY = '' } = process.env;
  const account = virtualAccount(Number(FLAT_UNITS), readFileSync(FLAT_BLOB));
  return { ...createRealSource(options), ...withKey(account, options.credentials, FLAT_VALID_KEY) };
}
