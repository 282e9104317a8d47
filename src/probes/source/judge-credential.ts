import { Failure } from '../../domain/failure.js';
import type { ProbeFinding } from '../run-probe.js';
import type { CredentialFacts } from './credential-facts.js';

/**
 * Judges a credential by what it says about itself: how long it is valid, and whether it may do more than list and
 * read. Throws `SourceAuth` or `SourceForbidden` if it cannot work.
 */
export function judgeCredential(facts: CredentialFacts, nowMs: number): ProbeFinding {
  switch (facts.kind) {
    case 'identity':
      return { message: "an identity of Azure's chain; what else it may do is not looked at" };
    case 'key':
      return {
        verdict: 'warning',
        message: 'an account key, which may do everything in the account',
        fix: 'use a SAS token with sp=rl, or an identity with the role Storage Blob Data Reader',
      };
    case 'sas':
      return judgeSas(facts, nowMs);
  }
}

function judgeSas(
  { startsAt, endsAt, permissions }: Extract<CredentialFacts, { kind: 'sas' }>,
  nowMs: number,
): ProbeFinding {
  if (startsAt !== undefined && Date.parse(startsAt) > nowMs)
    throw new Failure('SourceAuth', `a SAS token that is not valid before ${startsAt}`);
  if (endsAt !== undefined && Date.parse(endsAt) <= nowMs)
    throw new Failure('SourceAuth', `a SAS token that ended at ${endsAt}`);
  const end = endsAt === undefined ? {} : { endsAt };
  if (permissions === undefined) {
    const fix = 'look at the policy: the token must be able to read and list until the migration has ended';
    return {
      verdict: 'unchecked',
      message: 'a SAS token of a stored access policy, which cannot be seen',
      fix,
      ...end,
    };
  }
  const lacks = ['r', 'l'].filter((letter) => !permissions.includes(letter)).map(nameOf);
  if (lacks.length > 0) throw new Failure('SourceForbidden', `a SAS token that may not ${lacks.join(' and ')}`);
  const until = endsAt === undefined ? '' : ` until ${endsAt}`;
  const extra = Array.from(permissions)
    .filter((letter) => letter !== 'r' && letter !== 'l')
    .map(nameOf);
  if (extra.length === 0) return { message: `a SAS token that may read and list${until}`, ...end };
  return {
    verdict: 'warning',
    message: `a SAS token that may read and list${until}, but also ${extra.join(', ')}`,
    fix: 'make one that may only read and list (sp=rl)',
    ...end,
  };
}

const names: Readonly<Record<string, string>> = {
  ...{ r: 'read', l: 'list', w: 'write', c: 'create', a: 'add', d: 'delete', x: 'delete versions', u: 'update' },
  ...{ y: 'delete for good', t: 'change tags', f: 'find by tags', m: 'move', e: 'execute', o: 'change owners' },
  ...{ p: 'process messages or change permissions', i: 'change retention' },
};

const nameOf = (letter: string): string => names[letter] ?? `do "${letter}"`;
