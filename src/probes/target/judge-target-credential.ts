import type { ProbeFinding } from '../run-probe.js';
import type { TargetCredential } from './bucket-inspector.js';

/** Judges the credential of a target by how long it lasts. Whether it may do more than it needs cannot be found out. */
export function judgeTargetCredential(credential: TargetCredential): ProbeFinding {
  if (credential.kind === 'key') return { message: 'a key that does not end by itself' };
  const { endsAt, isRenewed } = credential;
  if (isRenewed) return { message: 'a session that is renewed by itself' };
  if (endsAt !== undefined) return { message: `a session until ${endsAt}`, endsAt };
  return {
    verdict: 'warning',
    message: 'a session that does not say when it ends',
    fix: 'use a profile or a role that is renewed (target.profile, target.roleArn), unless it lasts long enough',
  };
}
