import type { z } from 'zod';
import { nearestName } from '../../nearest-name.js';
import { bucketPattern } from './bucket.js';
import { kmsKeyProblem } from './encryption.js';

type Target = Readonly<Partial<Record<string, unknown>>>;

/**
 * Adds the problems that only several fields of `target` show together. Rules that only AWS has are not applied to
 * other stores.
 */
export function checkTarget(target: Target, context: z.RefinementCtx): void {
  const add = (message: string, hint?: string, path: readonly string[] = []): void => {
    context.addIssue({ code: 'custom', message, path: [...path], ...(hint === undefined ? {} : { params: { hint } }) });
  };
  if (target['profile'] !== undefined && target['roleArn'] !== undefined) {
    add('it has both `profile` and `roleArn`', 'keep one');
  }
  if (target['externalId'] !== undefined && target['roleArn'] === undefined) add('`externalId` goes with `roleArn`');
  checkDots(target, add);
  if (target['endpoint'] !== undefined) {
    checkSpelling(target, add);
    return;
  }
  checkStorageClass(target, add);
  checkKey(target, add);
}

type Add = (message: string, hint?: string, path?: readonly string[]) => void;

function checkDots(target: Target, add: Add): void {
  const isHttp = typeof target['endpoint'] === 'string' && target['endpoint'].startsWith('http:');
  if (target['forcePathStyle'] === true || isHttp) return;
  const buckets = { bucket: target['bucket'], control: fieldOf(target['control'], 'bucket') };
  for (const [field, name] of Object.entries(buckets)) {
    if (typeof name !== 'string' || !name.includes('.') || !bucketPattern.test(name)) continue;
    add('the bucket has dots in its name, which certificates for https do not cover', 'set forcePathStyle: true', [
      field,
    ]);
  }
}

/** Other stores may have classes of their own. */
function checkSpelling({ storageClass }: Target, add: Add): void {
  if (typeof storageClass !== 'string' || /^[A-Z][A-Z0-9_]*$/.test(storageClass)) return;
  add('not a storage class', 'write it as STANDARD_IA', ['storageClass']);
}

/** Those that PutObject accepts. */
const storageClasses = [
  ...['STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'REDUCED_REDUNDANCY'],
  ...['GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE', 'EXPRESS_ONEZONE', 'OUTPOSTS'],
];

function checkStorageClass({ storageClass, encryption, bucket }: Target, add: Add): void {
  if (typeof storageClass !== 'string') return;
  const path = ['storageClass'];
  if (!storageClasses.includes(storageClass)) {
    const nearest = nearestName(storageClass, storageClasses);
    const hint = nearest === undefined ? `known: ${storageClasses.join(', ')}` : `did you mean "${nearest}"?`;
    add('not a storage class of AWS', hint, path);
    return;
  }
  const isDirectory = typeof bucket === 'string' && bucket.endsWith('--x-s3');
  if (isDirectory !== (storageClass === 'EXPRESS_ONEZONE')) {
    add(
      'EXPRESS_ONEZONE goes with a directory bucket, and only with one',
      'the name of such a bucket ends with --x-s3',
      path,
    );
  }
  const type = fieldOf(encryption, 'type');
  if (typeof type !== 'string') return;
  const isRefused =
    (storageClass === 'OUTPOSTS' && type !== 'AES256') ||
    (storageClass === 'EXPRESS_ONEZONE' && type === 'aws:kms:dsse');
  if (isRefused) add(`${storageClass} cannot be encrypted with ${type}`, 'change one of the two', path);
}

function checkKey({ encryption, region }: Target, add: Add): void {
  const keyId = fieldOf(encryption, 'keyId');
  if (typeof keyId !== 'string' || keyId === '' || fieldOf(encryption, 'type') === 'AES256') return;
  const problem = kmsKeyProblem(keyId, typeof region === 'string' ? region : undefined);
  if (problem === undefined) return;
  const forms = 'give the id of a key, alias/name, or the ARN of one of them in the region of the bucket';
  add(problem, forms, ['encryption', 'keyId']);
}

function fieldOf(section: unknown, name: string): unknown {
  return typeof section === 'object' && section !== null ? (section as Record<string, unknown>)[name] : undefined;
}
