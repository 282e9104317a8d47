import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../../src/domain/text/secret.js';
import { credentialFacts } from '../../../../../src/stores/azure/credentials/credential-facts.js';

describe('what is reported about a credential', () => {
  it.each([
    [
      'sv=2024-11-04&st=2026-01-01&se=2026-02-01T10%3A00%3A00Z&sr=c&sp=rl&sig=c2VjcmV0',
      { startsAt: '2026-01-01T00:00:00.000Z', endsAt: '2026-02-01T10:00:00.000Z', permissions: 'rl' },
    ],
    [
      'sv=2024-11-04&ss=b&srt=sco&se=2026-02-01&ske=2026-01-15T00%3A00%3A00Z&sp=rwdl&sig=c2VjcmV0',
      { startsAt: undefined, endsAt: '2026-01-15T00:00:00.000Z', permissions: 'rwdl' },
    ],
    ['sv=2024-11-04&si=policy&sr=c&sig=c2VjcmV0', { startsAt: undefined, endsAt: undefined, permissions: undefined }],
    ['se=soon&sp=r&sig=c2VjcmV0', { startsAt: undefined, endsAt: undefined, permissions: 'r' }],
  ])('of the SAS token %s: its times and letters, never its signature', (token, facts) => {
    const told = credentialFacts({ kind: 'sas', token: new Secret(token) });
    expect(told).toEqual({ kind: 'sas', ...facts });
    expect(JSON.stringify(told)).not.toContain('c2VjcmV0');
  });

  it('of a key and an identity: only what they are', () => {
    expect(credentialFacts({ kind: 'key', accountName: 'east', accountKey: new Secret('c2VjcmV0') })).toEqual({
      kind: 'key',
    });
    expect(credentialFacts({ kind: 'identity' })).toEqual({ kind: 'identity' });
  });
});
