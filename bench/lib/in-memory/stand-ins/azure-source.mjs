import { readFileSync } from 'node:fs';
import { readSettings } from './settings.mjs';
import { virtualAccount } from './virtual-account.mjs';
import { withKey } from './with-key.mjs';

const realUrl = new URL(import.meta.url).searchParams.get('real') ?? '';
const { createAzureSource: createRealSource } = await import(realUrl);
const { Failure } = await import(new URL('../../domain/failure.js', realUrl).href);

/**
 * Stands in for the module of the same name in the workers of a benchmark: blobs are in memory.
 *
 * @param {Parameters<typeof import('../../../../src/stores/azure/azure-source.js').createAzureSource>[0]} options
 */
export function createAzureSource(options) {
  const { blobPath, validKeyPath, ...content } = readSettings();
  const account = virtualAccount({ ...content, bytes: readFileSync(blobPath) });
  const refused = () => {
    const context = { what: 'account east', status: 403, code: 'AuthenticationFailed' };
    return new Failure('SourceAuth', 'the account refused the key', context);
  };
  const { credentials } = options;
  const checked = validKeyPath === undefined ? account : withKey(account, { credentials, validKeyPath, refused });
  return { ...createRealSource(options), ...checked };
}
