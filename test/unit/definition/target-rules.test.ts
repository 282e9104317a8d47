import { describe, expect, it } from 'vitest';
import { DefinitionProblems, formatProblem } from '../../../src/definition/definition-problems.js';
import { parseDefinition } from '../../../src/definition/parse-definition.js';
import { exampleWith } from './example-file.js';

const bucketHint =
  'use 3 to 63 lower-case letters, digits, hyphens and single dots, starting and ending with a letter or digit';
const keyHint = 'give the id of a key, alias/name, or the ARN of one of them in the region of the bucket';
const tagHint = 'use letters, digits, blanks and _ . : / = + - @';
const tagNameHint = `${tagHint}, at most 128 characters, not starting with aws:`;
const kms = 'encryption: { type: aws:kms, keyId';
const key = '1234abcd-12ab-34cd-56ef-1234567890ab';

describe('a target that AWS would refuse', () => {
  it.each([
    ...[
      'Arch_ive',
      'ab',
      'a'.repeat(64),
      '-abc',
      'abc-',
      'a..b',
      '.abc',
      '192.168.5.4',
      'xn--abc',
      'a b c',
      'abc/d',
    ].map((name) => [`bucket: "${name}"`, `18:11 target.bucket: not a valid bucket name; ${bucketHint}`]),
    ...['s3://Arch_ive/x', 's3://ab/x', 's3://abc', 'abc/x', 's3://abc//x'].map((place) => [
      `bucket: archive\n  control: ${place}`,
      '19:12 target.control: not a control prefix; write it as s3://bucket/prefix',
    ]),
    [
      'bucket: my.archive',
      '18:11 target.bucket: the bucket has dots in its name, which certificates for https do not cover; ' +
        'set forcePathStyle: true',
    ],
    [
      'bucket: archive\n  endpoint: https://s3.example.com\n  control: s3://my.control/x',
      '20:12 target.control: the bucket has dots in its name, which certificates for https do not cover; ' +
        'set forcePathStyle: true',
    ],
    [
      'bucket: archive\n  tags: { "data & more": x }',
      `19:11 target.tags.data & more: not a valid name for a tag; ${tagNameHint}`,
    ],
    ['bucket: archive\n  tags: { AWS:x: a }', `19:11 target.tags.AWS:x: not a valid name for a tag; ${tagNameHint}`],
    ...['data & more', 'a\\tb', 'x'.repeat(257), '💥'].map((value) => [
      `bucket: archive\n  tags: { team: "${value}" }`,
      `19:17 target.tags.team: not a valid value for a tag; ${tagHint}, at most 256 characters`,
    ]),
    [
      `bucket: archive\n  tags: { ${Array.from({ length: 11 }, (_, at) => `t${String(at)}: x`).join(', ')} }`,
      '19:9 target.tags: there are more than 10 tags',
    ],
    ...['é', ' a', 'a ', 'a\\nb'].map((value) => [
      `bucket: archive\n  metadata: { origin: "${value}" }`,
      '19:23 target.metadata.origin: metadata cannot hold these characters; ' +
        'use printable ASCII characters, without blanks at the start and end',
    ]),
    [
      `bucket: archive\n  metadata: { origin: ${'x'.repeat(1_531)} }`,
      '19:13 target.metadata: metadata has more than 1536 bytes',
    ],
    [
      'bucket: archive\n  contentType: "text/plain "',
      '19:16 target.contentType: it has characters that a header cannot hold; ' +
        'use printable ASCII characters, without blanks at the start and end',
    ],
    [
      'bucket: archive\n  storageClass: STANDARD_AI',
      '19:17 target.storageClass: not a storage class of AWS; did you mean "STANDARD_IA"?',
    ],
    [
      'bucket: archive\n  storageClass: EXPRESS_ONEZONE',
      '19:17 target.storageClass: EXPRESS_ONEZONE goes with a directory bucket, and only with one; ' +
        'the name of such a bucket ends with --x-s3',
    ],
    [
      'bucket: archive\n  storageClass: OUTPOSTS\n  encryption: { type: aws:kms }',
      '19:17 target.storageClass: OUTPOSTS cannot be encrypted with aws:kms; change one of the two',
    ],
    [
      'bucket: a--use1-az4--x-s3\n  storageClass: EXPRESS_ONEZONE\n  encryption: { type: aws:kms:dsse }',
      '19:17 target.storageClass: EXPRESS_ONEZONE cannot be encrypted with aws:kms:dsse; change one of the two',
    ],
    ...[
      'archive',
      'alias/',
      'alias/a b',
      key.slice(1),
      `key/${key}`,
      `arn:aws:s3:eu-west-1:123456789012:key/${key}`,
    ].map((keyId) => [
      `bucket: archive\n  encryption: { type: aws:kms, keyId: ${keyId} }`,
      `19:39 target.encryption.keyId: not a KMS key; ${keyHint}`,
    ]),
    [
      `bucket: archive\n  region: eu-central-1\n  ${kms}: "arn:aws:kms:eu-west-1:123456789012:key/${key}" }`,
      `20:39 target.encryption.keyId: the key is in eu-west-1, the bucket in eu-central-1; ${keyHint}`,
    ],
  ])('is refused without asking it: %j', (target = '', message = '') => {
    expect(messagesOf(exampleWith('bucket: archive', target))).toEqual([`m.yaml:${message}`]);
  });

  it.each([
    'bucket: abc',
    `bucket: ${'a'.repeat(63)}`,
    'bucket: 4.archive.eu\n  forcePathStyle: true',
    'bucket: my.archive\n  endpoint: http://127.0.0.1:8333',
    'bucket: archive\n  tags: { "Größe der + Daten": "a_b.c:d/e=f+g-h@i 1", empty: "" }',
    `bucket: archive\n  metadata: { origin: ${'x'.repeat(1_530)} }`,
    `bucket: archive\n  encryption: { type: aws:kms, keyId: ${key} }`,
    `bucket: archive\n  encryption: { type: aws:kms, keyId: mrk-${'0'.repeat(32)} }`,
    'bucket: archive\n  encryption: { type: aws:kms:dsse, keyId: alias/aws/s3 }',
    `bucket: archive\n  region: us-gov-west-1\n  ${kms}: "arn:aws-us-gov:kms:us-gov-west-1:123456789012:alias/a" }`,
    'bucket: a--use1-az4--x-s3\n  storageClass: EXPRESS_ONEZONE\n  encryption: { type: aws:kms }',
    `bucket: archive\n  endpoint: https://minio.example.com\n  storageClass: COLD\n  ${kms}: my-key }`,
  ])('is not one like this, which is accepted: %j', (target) => {
    expect(messagesOf(exampleWith('bucket: archive', target))).toEqual([]);
  });
});

function messagesOf(text: string): readonly string[] {
  try {
    parseDefinition(text, 'm.yaml');
    return [];
  } catch (error) {
    if (error instanceof DefinitionProblems) return error.problems.map((problem) => formatProblem('m.yaml', problem));
    throw error;
  }
}
