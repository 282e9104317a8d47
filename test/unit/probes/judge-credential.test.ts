import { describe, expect, it } from 'vitest';
import type { CredentialFacts } from '../../../src/probes/source/credential-facts.js';
import { judgeCredential } from '../../../src/probes/source/judge-credential.js';
import { judgeTargetCredential } from '../../../src/probes/target/judge-target-credential.js';

const nowMs = Date.parse('2026-01-02T03:04:05Z');
const endsAt = '2026-02-01T00:00:00.000Z';
const sas = (more: Partial<Extract<CredentialFacts, { kind: 'sas' }>>): CredentialFacts => ({
  ...{ kind: 'sas', startsAt: undefined, endsAt, permissions: 'rl' },
  ...more,
});

describe('judging the credential of an account', () => {
  it.each<[string, CredentialFacts, object]>([
    [
      'an identity',
      { kind: 'identity' },
      { message: "an identity of Azure's chain; what else it may do is not looked at" },
    ],
    [
      'an account key',
      { kind: 'key' },
      {
        verdict: 'warning',
        message: 'an account key, which may do everything in the account',
        fix: 'use a SAS token with sp=rl, or an identity with the role Storage Blob Data Reader',
      },
    ],
    ['a narrow SAS', sas({}), { message: `a SAS token that may read and list until ${endsAt}`, endsAt }],
    ['a SAS without an end', sas({ endsAt: undefined }), { message: 'a SAS token that may read and list' }],
    [
      'a SAS that may do more',
      sas({ permissions: 'rwdlq' }),
      {
        verdict: 'warning',
        message: `a SAS token that may read and list until ${endsAt}, but also write, delete, do "q"`,
        fix: 'make one that may only read and list (sp=rl)',
        endsAt,
      },
    ],
    [
      'a SAS of a stored policy',
      sas({ permissions: undefined, endsAt: undefined }),
      {
        verdict: 'unchecked',
        message: 'a SAS token of a stored access policy, which cannot be seen',
        fix: 'look at the policy: the token must be able to read and list until the migration has ended',
      },
    ],
  ])('of %s', (_title, facts, finding) => {
    expect(judgeCredential(facts, nowMs)).toEqual(finding);
  });

  it.each<[CredentialFacts, string, string]>([
    [sas({ endsAt: '2026-01-02T03:04:05.000Z' }), 'SourceAuth', 'a SAS token that ended at 2026-01-02T03:04:05.000Z'],
    [
      sas({ startsAt: '2026-01-03T00:00:00.000Z' }),
      'SourceAuth',
      'a SAS token that is not valid before 2026-01-03T00:00:00.000Z',
    ],
    [sas({ permissions: 'r' }), 'SourceForbidden', 'a SAS token that may not list'],
    [sas({ permissions: 'w' }), 'SourceForbidden', 'a SAS token that may not read and list'],
  ])('refuses %j: %s', (facts, failureClass, message) => {
    expect(() => judgeCredential(facts, nowMs)).toThrow(expect.objectContaining({ failureClass, message }));
  });
});

describe('judging the credential of the target', () => {
  it.each([
    [{ kind: 'key' } as const, { message: 'a key that does not end by itself' }],
    [{ kind: 'session', endsAt, isRenewed: true } as const, { message: 'a session that is renewed by itself' }],
    [{ kind: 'session', endsAt, isRenewed: false } as const, { message: `a session until ${endsAt}`, endsAt }],
    [
      { kind: 'session', endsAt: undefined, isRenewed: false } as const,
      {
        verdict: 'warning',
        message: 'a session that does not say when it ends',
        fix: 'use a profile or a role that is renewed (target.profile, target.roleArn), unless it lasts long enough',
      },
    ],
  ])('of %j', (credential, finding) => {
    expect(judgeTargetCredential(credential)).toEqual(finding);
  });
});
