import type { CredentialEnd } from './moment.js';
import type { EtaRange } from './figures/progress.js';

// Somebody has to be asked for a new one.
const soonMs = 3 * 24 * 3_600_000;

/** Returns the credentials that end within three days of `at`, or before the migration probably does. */
export function endsSoon(
  credentials: readonly CredentialEnd[],
  { at, etaRange }: { readonly at: string; readonly etaRange?: EtaRange | undefined },
): readonly CredentialEnd[] {
  const soonest = Date.parse(at) + Math.max(soonMs, (etaRange?.toSeconds ?? 0) * 1_000);
  return credentials.filter(({ endsAt }) => Date.parse(endsAt) <= soonest);
}
