import type { CredentialFacts } from '../../../probes/source/credential-facts.js';
import type { AzureCredential } from './parse-azure-credential.js';

/** Returns what may be said about a credential: nothing secret. */
export function credentialFacts(credential: AzureCredential): CredentialFacts {
  if (credential.kind !== 'sas') return { kind: credential.kind };
  const fields = new URLSearchParams(credential.token.reveal());
  // The key that signed a user delegation SAS ends as well.
  const ends = [timeOf(fields.get('se')), timeOf(fields.get('ske'))].filter((end) => end !== undefined);
  return {
    kind: 'sas',
    startsAt: timeOf(fields.get('st')),
    endsAt: ends.sort()[0],
    permissions: fields.get('sp') ?? undefined,
  };
}

/** Returns a date or a time as ISO 8601, UTC; undefined if there is none that can be understood. */
function timeOf(text: string | null): string | undefined {
  const timeMs = Date.parse(text ?? '');
  return Number.isNaN(timeMs) ? undefined : new Date(timeMs).toISOString();
}
