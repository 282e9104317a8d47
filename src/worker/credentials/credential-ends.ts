import { shownMax, type CredentialEnd } from '../../domain/moment.js';
import { settled } from '../../flow/settled.js';
import type { ProbedSource } from '../../probes/source/probed-source.js';
import type { S3Target } from '../../stores/s3/s3-target.js';

// A file with a credential may be replaced at any time; nobody needs to know sooner than this.
const readEveryMs = 60_000;

/**
 * Makes a function that returns when the credentials of a migration end, the earliest ones, as far as they say so
 * themselves. It reads them at most once a minute, and makes no request to a store.
 */
export function credentialEnds({
  accounts,
  source,
  target,
  bucket,
  now = Date.now,
}: {
  readonly accounts: readonly string[];
  readonly source: Pick<ProbedSource, 'describeCredential'>;
  readonly target: Pick<S3Target, 'credential'>;
  readonly bucket: string;
  readonly now?: () => number;
}): () => Promise<readonly CredentialEnd[]> {
  let read: Promise<readonly CredentialEnd[]> = Promise.resolve([]);
  let readAgainAtMs = -Infinity;

  return () => {
    if (now() >= readAgainAtMs) {
      readAgainAtMs = now() + readEveryMs;
      read = readAll();
    }
    return read;
  };

  async function readAll(): Promise<readonly CredentialEnd[]> {
    const found = await Promise.all([
      endOf(`target ${bucket}`, targetEnd()),
      ...accounts.map((account) => endOf(`account ${account}`, accountEnd(account))),
    ]);
    return found
      .flat()
      .sort((a, b) => (a.endsAt < b.endsAt ? -1 : 1))
      .slice(0, shownMax.credentials);
  }

  async function targetEnd(): Promise<string | undefined> {
    const credential = await target.credential();
    return credential.kind === 'session' && !credential.isRenewed ? credential.endsAt : undefined;
  }

  async function accountEnd(account: string): Promise<string | undefined> {
    const facts = await source.describeCredential(account);
    return facts.kind === 'sas' ? facts.endsAt : undefined;
  }
}

/** A credential that cannot be read fails the unit that needs it, which says more. */
async function endOf(what: string, end: Promise<string | undefined>): Promise<readonly CredentialEnd[]> {
  const result = await settled(end);
  return 'error' in result || result.value === undefined ? [] : [{ what, endsAt: result.value }];
}
