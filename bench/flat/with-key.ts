import { readFileSync, statSync } from 'node:fs';
import { Failure } from '../../src/domain/failure.js';
import type { Secret } from '../../src/domain/text/secret.js';
import type { BlobSource } from '../../src/pipeline/source/blob-source.js';

/**
 * An account that refuses requests unless the worker's credential is the key in a file. As with a real one, the
 * credential is read when it is first needed, and again when it is refused.
 */
export function withKey(
  account: BlobSource,
  credentials: (name: string) => Promise<Secret | undefined>,
  validKeyPath: string,
): BlobSource {
  let [held, valid] = ['', ''];
  let changedMs = 0;
  const isValid = (): boolean => {
    const { mtimeMs } = statSync(validKeyPath);
    if (mtimeMs !== changedMs) [valid, changedMs] = [readFileSync(validKeyPath, 'utf8').trim(), mtimeMs];
    return held === valid;
  };
  const check = async (): Promise<void> => {
    if (isValid()) return;
    held = (await credentials('prodeast-key'))?.reveal() ?? '';
    if (isValid()) return;
    const context = { what: 'account east', status: 403, code: 'AuthenticationFailed' };
    throw new Failure('SourceAuth', 'the account refused the key', context);
  };
  return {
    async listPage(place, from, signal) {
      await check();
      return account.listPage(place, from, signal);
    },
    async head(blob, signal) {
      await check();
      return account.head(blob, signal);
    },
    async *open(blob, signal, offset) {
      await check();
      yield* account.open(blob, signal, offset);
    },
  };
}
