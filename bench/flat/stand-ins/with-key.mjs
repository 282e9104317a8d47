import { readFileSync, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * @typedef {import('../../../src/pipeline/source/blob-source.js').BlobSource} BlobSource
 * @typedef {import('../../../src/probes/source/probed-source.js').ProbedSource} ProbedSource
 */

/**
 * An account that refuses requests unless the worker's credential is the key in a file. As with a real one, the
 * credential is read when it is first needed, and again when it is refused.
 *
 * @param {BlobSource} account
 * @param {{
 *   credentials: (name: string) => Promise<import('../../../src/domain/text/secret.js').Secret | undefined>,
 *   validKeyPath: string,
 *   latencyMs: number,
 *   refused: () => Error,
 * }} options
 * @returns {BlobSource & Pick<ProbedSource, 'probeAccount'>}
 */
export function withKey(account, { credentials, validKeyPath, latencyMs, refused }) {
  let [held, valid] = ['', ''];
  let changedMs = 0;
  const isValid = () => {
    const { mtimeMs } = statSync(validKeyPath);
    if (mtimeMs !== changedMs) [valid, changedMs] = [readFileSync(validKeyPath, 'utf8').trim(), mtimeMs];
    return held === valid;
  };
  const check = async () => {
    if (latencyMs > 0) await wait(latencyMs);
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
  };
}
