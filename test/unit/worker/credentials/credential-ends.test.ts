import { describe, expect, it } from 'vitest';
import { credentialEnds } from '../../../../src/worker/credentials/credential-ends.js';
import type { CredentialFacts } from '../../../../src/probes/source/credential-facts.js';
import type { TargetCredential } from '../../../../src/probes/target/bucket-inspector.js';

const sas = (endsAt: string | undefined): CredentialFacts => ({
  ...{ kind: 'sas', startsAt: undefined, endsAt, permissions: 'rl' },
});

/** Accounts with these credentials; an error is thrown. `state` has the time, and counts what was read. */
function bench(accounts: Readonly<Record<string, CredentialFacts | Error>>, credential: TargetCredential) {
  const state = { nowMs: 0, read: 0 };
  const ends = credentialEnds({
    accounts: Object.keys(accounts),
    bucket: 'archive',
    source: {
      describeCredential: async (account) => {
        state.read += 1;
        const facts = accounts[account];
        if (facts === undefined) throw new Error(`there is no account ${account}`);
        if (facts instanceof Error) throw facts;
        return facts;
      },
    },
    target: { credential: async () => credential },
    now: () => state.nowMs,
  });
  return { state, ends };
}

describe('the ends of credentials', () => {
  it('are those of SAS tokens and of sessions that nobody renews, the first ones first', async () => {
    const accounts = {
      east: sas('2026-03-01T00:00:00.000Z'),
      west: sas('2026-01-01T00:00:00.000Z'),
      ...{ policy: sas(undefined), keyed: { kind: 'key' } as const, gone: new Error('nothing is set') },
    };
    const session = { kind: 'session', endsAt: '2026-02-01T00:00:00.000Z', isRenewed: false } as const;
    expect(await bench(accounts, session).ends()).toEqual([
      { what: 'account west', endsAt: '2026-01-01T00:00:00.000Z' },
      { what: 'target archive', endsAt: '2026-02-01T00:00:00.000Z' },
      { what: 'account east', endsAt: '2026-03-01T00:00:00.000Z' },
    ]);
    expect(await bench({}, { ...session, isRenewed: true }).ends()).toEqual([]);
  });

  it('are read at most once a minute, so that a renewed one is noticed', async () => {
    const accounts: Record<string, CredentialFacts> = { east: sas('2026-01-01T00:00:00.000Z') };
    const { state, ends } = bench(accounts, { kind: 'key' });
    await ends();
    accounts['east'] = sas('2026-02-01T00:00:00.000Z');
    state.nowMs = 59_000;
    expect((await ends())[0]?.endsAt).toBe('2026-01-01T00:00:00.000Z');
    state.nowMs = 60_000;
    expect((await ends())[0]?.endsAt).toBe('2026-02-01T00:00:00.000Z');
    expect(state.read).toBe(2);
  });
});
