import { z } from 'zod';
import type { ControlPlace } from '../../../domain/definition.js';
import { targetKeyProblem } from '../../../domain/target-key.js';
import { bucket, bucketPattern } from './bucket.js';
import { encryption } from './encryption.js';
import { endpoint } from '../endpoint.js';
import { evenIfWrong, section } from '../section.js';
import { metadata, tags } from './object-labels.js';
import { checkTarget } from './target-rules.js';
import { filledTemplate, filledText, headerText, textLike } from '../texts.js';

const control = z.string().transform((written, context): ControlPlace => {
  const [, bucketName, prefix] = /^s3:\/\/([^/]+)\/(.+?)\/?$/.exec(written) ?? [];
  if (
    bucketName !== undefined &&
    bucketPattern.test(bucketName) &&
    prefix !== undefined &&
    targetKeyProblem(prefix) === undefined
  ) {
    return { bucket: bucketName, prefix };
  }
  context.addIssue({
    code: 'custom',
    message: 'not a control prefix',
    params: { hint: 'write it as s3://bucket/prefix' },
  });
  return z.NEVER;
});

/** `target`: where the objects go. */
export const targetSchema = section({
  bucket,
  key: filledTemplate.describe('Template of the key'),
  region: textLike(/^[a-z0-9-]+$/, 'not a region', 'write it as eu-central-1').exactOptional(),
  endpoint: endpoint.describe('For S3-compatible stores').exactOptional(),
  forcePathStyle: z.boolean().exactOptional(),
  profile: filledText.describe('AWS profile').exactOptional(),
  roleArn: textLike(
    /^arn:[^:]+:iam::\d+:role\/.+$/,
    'not the ARN of a role',
    'write it as arn:aws:iam::123456789012:role/name',
  ).exactOptional(),
  externalId: filledText.exactOptional(),
  storageClass: textLike(/^[A-Z][A-Z0-9_]*$/, 'not a storage class', 'write it as STANDARD_IA').exactOptional(),
  encryption: encryption.exactOptional(),
  contentType: headerText.exactOptional(),
  contentEncoding: headerText.describe('Default: none, the object is a .gz file').exactOptional(),
  tags: tags.default({}),
  metadata: metadata.default({}),
  overwrite: z.enum(['never', 'changed', 'always']).describe('What may be replaced under the key').default('never'),
  conditionalWrites: z.enum(['require', 'degraded']).default('require'),
  control: control.describe('Default: s3://<bucket>/.longhaul').exactOptional(),
}).superRefine(checkTarget, evenIfWrong);
