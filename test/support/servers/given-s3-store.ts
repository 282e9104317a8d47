import { randomUUID } from 'node:crypto';
import { Secret } from '../../../src/domain/text/secret.js';
import type { S3TestPlace } from '../../contract/s3-store-contracts.js';

/**
 * Returns the store that `LONGHAUL_TEST_S3_*` names, or undefined if none is named. Throws if the variables are
 * incomplete. `_BUCKET` is required. `_ENDPOINT` and `_FORCE_PATH_STYLE=1` are for stores other than AWS. Without
 * `_ACCESS_KEY_ID` and `_SECRET_ACCESS_KEY`, the AWS SDK looks for credentials in its usual places.
 */
export function givenS3Store(variables: Readonly<Record<string, string | undefined>>): S3TestPlace | undefined {
  const given = Object.entries(variables).filter(([name, value]) => name.startsWith(start) && value !== '');
  if (given.length === 0) return undefined;
  const unknown = given.filter(([name]) => !known.has(name.slice(start.length)));
  if (unknown.length > 0) throw new Error(`not a variable of the tests: ${unknown.map(([name]) => name).join(', ')}`);
  const value = (name: string): string | undefined => variables[start + name] || undefined;
  const [bucket, endpoint, accessKeyId, secretAccessKey] = [
    value('BUCKET'),
    value('ENDPOINT'),
    value('ACCESS_KEY_ID'),
    value('SECRET_ACCESS_KEY'),
  ];
  if (bucket === undefined) throw new Error(`${start}BUCKET must name a bucket that exists`);
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
    throw new Error(`${start}ACCESS_KEY_ID and ${start}SECRET_ACCESS_KEY must be set together, or neither`);
  return {
    bucket,
    prefix: `longhaul-test-${randomUUID()}`,
    connection: {
      region: value('REGION') ?? 'us-east-1',
      ...(endpoint !== undefined && { endpoint }),
      ...(value('FORCE_PATH_STYLE') === '1' && { forcePathStyle: true }),
    },
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && {
        keys: { accessKeyId, secretAccessKey: new Secret(secretAccessKey) },
      }),
  };
}

const start = 'LONGHAUL_TEST_S3_';
const known = new Set(['BUCKET', 'ENDPOINT', 'REGION', 'FORCE_PATH_STYLE', 'ACCESS_KEY_ID', 'SECRET_ACCESS_KEY']);
