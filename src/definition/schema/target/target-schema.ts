import { z } from 'zod';
import type { ControlPlace } from '../../../domain/definition.js';
import { targetKeyProblem } from '../../../domain/target/target-key.js';
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
  bucket: bucket.describe('An existing bucket'),
  key: filledTemplate.describe('Template for the target key'),
  region: textLike(/^[a-z0-9-]+$/, 'not a region', 'write it as eu-central-1')
    .describe('The region of the bucket. Default: as for any AWS program')
    .exactOptional(),
  endpoint: endpoint.describe('The URL of an S3-compatible store. Default: AWS').exactOptional(),
  forcePathStyle: z
    .boolean()
    .describe('Whether the bucket goes into the path; most S3-compatible stores need it. Default: `false`')
    .exactOptional(),
  profile: filledText.describe('An AWS profile. Default: the standard chain').exactOptional(),
  roleArn: textLike(
    /^arn:[^:]+:iam::\d+:role\/.+$/,
    'not the ARN of a role',
    'write it as arn:aws:iam::123456789012:role/name',
  )
    .describe('A role to assume, instead of `profile`. Default: none')
    .exactOptional(),
  externalId: filledText.describe('The external id that goes with `roleArn`. Default: none').exactOptional(),
  storageClass: z.string().describe("The storage class of target objects. Default: the bucket's").exactOptional(),
  encryption: encryption
    .describe(
      '`{ type, keyId, bucketKey }`, with the type `AES256`, `aws:kms` or `aws:kms:dsse`; `bucketKey: true` saves ' +
        "most requests to KMS. Default: the bucket's",
    )
    .exactOptional(),
  contentType: headerText
    .describe(
      'The content type of target objects. ' +
        'Default: `application/gzip`, or `application/octet-stream` under `compress: none`',
    )
    .exactOptional(),
  contentEncoding: headerText
    .describe('`gzip`, and only if the objects are. Default: none: the object is a `.gz` file')
    .exactOptional(),
  tags: tags.describe('Tags of target objects. Default: none').default({}),
  metadata: metadata.describe('Metadata of target objects. Default: none').default({}),
  overwrite: z
    .enum(['never', 'changed', 'always'])
    .describe(
      "What may be replaced under a key. `never`: nothing; `changed`: this migration's object, when " +
        'its manifest has changed; `always`: anything',
    )
    .default('never'),
  conditionalWrites: z
    .enum(['require', 'degraded'])
    .describe('`degraded` accepts a store that ignores conditions; docs/ledger.md says what is then not promised')
    .default('require'),
  control: control
    .describe(
      'The control prefix; use a separate bucket if the target bucket archives or versions its objects. ' +
        'Default: `s3://<bucket>/.longhaul`',
    )
    .exactOptional(),
}).superRefine(checkTarget, evenIfWrong);
