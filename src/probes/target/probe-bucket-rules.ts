import { toFailure } from '../../domain/failure.js';
import type { BucketInspector } from './bucket-inspector.js';
import type { ProbeFinding } from '../run-probe.js';

/** Tells whether old versions of control objects would stay: a ledger is replaced all the time. */
export async function probeVersioning(bucket: BucketInspector, signal: AbortSignal): Promise<ProbeFinding> {
  const answer = await mayBeKept('s3:GetBucketVersioning', () => bucket.versioning(signal));
  if ('verdict' in answer) return answer;
  if (answer.value !== 'enabled') return { message: `versioning is ${answer.value}` };
  return {
    verdict: 'warning',
    message: 'versioning is on: every write of a ledger, and what this check has written, stays as an old version',
    fix: 'keep the control prefix in a bucket without versions (target.control), or expire old versions with a rule',
  };
}

/** Tells whether control objects could be replaced and deleted. */
export async function probeObjectLock(bucket: BucketInspector, signal: AbortSignal): Promise<ProbeFinding> {
  const answer = await mayBeKept('s3:GetBucketObjectLockConfiguration', () => bucket.objectLock(signal));
  if ('verdict' in answer) return answer;
  const { isEnabled, keptFor } = answer.value;
  if (!isEnabled) return { message: 'Object Lock is off' };
  if (keptFor === undefined) return { message: 'Object Lock is on, but keeps no object by default' };
  return {
    verdict: 'warning',
    message: `Object Lock keeps every version of a control object for ${keptFor}`,
    fix: 'keep the control prefix in a bucket without Object Lock (target.control)',
  };
}

/** Tells whether a rule would delete or archive control objects while they are needed. */
export async function probeControlRules(
  bucket: BucketInspector,
  controlPrefix: string,
  signal: AbortSignal,
): Promise<ProbeFinding> {
  const answer = await mayBeKept(lifecyclePermission, () => bucket.lifecycle(signal));
  if ('verdict' in answer) return answer;
  const below = `${controlPrefix}/`;
  const harmful = answer.value.filter(
    ({ prefix, needsTags, expires, transitions }) =>
      // Control objects have no tags.
      !needsTags && (expires || transitions) && (below.startsWith(prefix) || prefix.startsWith(below)),
  );
  const [rule] = harmful;
  if (rule === undefined) return { message: 'no lifecycle rule touches the control prefix' };
  const does = rule.expires ? 'deletes' : 'archives';
  const more = harmful.length === 1 ? '' : `, and so do ${String(harmful.length - 1)} more`;
  return {
    verdict: 'warning',
    message: `the lifecycle rule "${rule.name}" ${does} objects below ${below}${more}`,
    fix: 'except the control prefix from the rule, or keep it in a bucket of its own (target.control)',
  };
}

/**
 * Tells whether anything removes uploads that nobody completes, which cost money and are not listed as objects.
 * `keyPrefix` is what the keys of all target objects begin with.
 */
export async function probeAbandonedUploads(
  bucket: BucketInspector,
  keyPrefix: string,
  signal: AbortSignal,
): Promise<ProbeFinding> {
  const answer = await mayBeKept(lifecyclePermission, () => bucket.lifecycle(signal));
  if ('verdict' in answer) return answer;
  const days = answer.value
    .filter(({ needsTags, prefix }) => !needsTags && keyPrefix.startsWith(prefix))
    .map(({ abortsAfterDays }) => abortsAfterDays)
    .filter((each) => each !== undefined)
    .sort((a, b) => a - b)[0];
  if (days !== undefined && days > 1)
    return { message: `a lifecycle rule aborts abandoned uploads after ${String(days)} days` };
  if (days !== undefined)
    return {
      verdict: 'warning',
      message: 'a lifecycle rule aborts uploads after 1 day: an object that takes longer would start again and again',
      fix: 'let the rule wait for 7 days',
    };
  return {
    verdict: 'warning',
    message: 'no lifecycle rule aborts abandoned uploads: what a lost migration leaves open is stored and billed',
    fix: 'add a rule with AbortIncompleteMultipartUpload after 7 days to the bucket',
  };
}

const lifecyclePermission = 's3:GetLifecycleConfiguration';

/**
 * Asks for a setting that the credential need not be allowed to see, and that some stores do not know. Returns the
 * finding that it could not be checked then.
 */
async function mayBeKept<T>(
  permission: string,
  ask: () => Promise<T>,
): Promise<{ readonly value: T } | (ProbeFinding & { readonly verdict: 'unchecked' })> {
  try {
    return { value: await ask() };
  } catch (error) {
    const { failureClass, status } = toFailure(error);
    if (failureClass === 'TargetForbidden') {
      const fix = `allow ${permission} on the bucket to have it checked; a migration does not need it`;
      return { verdict: 'unchecked', message: 'the credential may not see it', fix };
    }
    // Stores without the feature refuse the question in several ways.
    if (failureClass !== 'TargetRefused' && status !== 404 && status !== 405 && status !== 501) throw error;
    const fix = 'look it up at the provider of the store, if it has this feature';
    return { verdict: 'unchecked', message: 'the store does not answer this question', fix };
  }
}
