import { readFileSync, statSync } from 'node:fs';

/**
 * An account that refuses requests unless the worker's credential is the key in a file. As with a real one, the
 * credential is read when it is first needed, and again when it is refused.
 *
 * @param {import('./virtual-account.mjs').VirtualAccount} account
 * @param {{
 *   credentials: (name: string) => Promise<import('../../../../src/domain/text/secret.js').Secret | undefined>,
 *   validKeyPath: string,
 *   refused: () => Error,
 * }} options
 * @returns {import('./virtual-account.mjs').VirtualAccount}
 */
export function withKey(account, { credentials, validKeyPath, refused }) {
  let [held, valid] = ['', ''];
  let changedMs = 0;
  const isValid = () => {
    const { mtimeMs } = statSync(validKeyPath);
    if (mtimeMs !== changedMs) [valid, changedMs] = [readFileSync(validKeyPath, 'utf8').trim(), mtimeMs];
    return held === valid;
  };
  const check = async () => {
    if (isValid()) return;
    held = (await credentials('prodeast-key'))?.reveal() ?? '';
    if (!isValid()) throw refused();
  };
  return {
    probeAccount: check,
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
    async read(blob, signal) {
      await check();
      return account.read(blob, signal);
    },
  };
}
