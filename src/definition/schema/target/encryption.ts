import { z } from 'zod';
import { evenIfWrong, section } from '../section.js';
import { filledText } from '../texts.js';

/** `target.encryption`: how S3 encrypts the objects. */
export const encryption = section({
  type: z.enum(['AES256', 'aws:kms', 'aws:kms:dsse']),
  keyId: filledText.exactOptional(),
  bucketKey: z.boolean().exactOptional(),
}).superRefine((written: Partial<Record<string, unknown>>, context) => {
  const { type, keyId, bucketKey } = written;
  if (type === 'AES256' && keyId !== undefined)
    context.addIssue({ code: 'custom', message: '`keyId` goes with aws:kms, not with AES256' });
  if ((type === 'AES256' || type === 'aws:kms:dsse') && bucketKey !== undefined)
    context.addIssue({ code: 'custom', message: `\`bucketKey\` goes with aws:kms, not with ${type}` });
}, evenIfWrong);

/**
 * Returns why AWS would refuse a KMS key, or undefined if it looks right. A bucket and its key must be in the same
 * region.
 */
export function kmsKeyProblem(keyId: string, region: string | undefined): string | undefined {
  if (new RegExp(`^(?:${key}|${alias})$`).test(keyId)) return undefined;
  const [, keyRegion] =
    new RegExp(`^arn:aws[a-z-]*:kms:([a-z0-9-]+):\\d{12}:(?:key/${key}|${alias})$`).exec(keyId) ?? [];
  if (keyRegion === undefined) return 'not a KMS key';
  return region === undefined || region === keyRegion
    ? undefined
    : `the key is in ${keyRegion}, the bucket in ${region}`;
}

const key = '(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})';
const alias = 'alias/[A-Za-z0-9/_-]{1,250}';
