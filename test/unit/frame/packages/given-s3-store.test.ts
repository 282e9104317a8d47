import { describe, expect, it } from 'vitest';
import { givenS3Store } from '../../../support/servers/given-s3-store.js';

describe('the S3 store given to the contract tests', () => {
  it('is absent by default', () => {
    expect(givenS3Store({ PATH: '/bin', LONGHAUL_TEST_S3_BUCKET: '' })).toBeUndefined();
  });

  it('is a bucket of AWS with the usual credentials when only a bucket is named', () => {
    expect(givenS3Store({ LONGHAUL_TEST_S3_BUCKET: 'b', LONGHAUL_TEST_S3_REGION: 'eu-west-1' })).toEqual({
      bucket: 'b',
      prefix: expect.stringMatching(/^longhaul-test-/),
      connection: { region: 'eu-west-1' },
    });
  });

  it('is any other store with its endpoint and keys', () => {
    const place = givenS3Store({
      LONGHAUL_TEST_S3_BUCKET: 'b',
      LONGHAUL_TEST_S3_ENDPOINT: 'http://127.0.0.1:9000',
      LONGHAUL_TEST_S3_FORCE_PATH_STYLE: '1',
      LONGHAUL_TEST_S3_ACCESS_KEY_ID: 'id',
      LONGHAUL_TEST_S3_SECRET_ACCESS_KEY: 'secret',
    });
    expect(place).toMatchObject({
      connection: { endpoint: 'http://127.0.0.1:9000', forcePathStyle: true },
      keys: { accessKeyId: 'id' },
    });
    expect(place?.keys?.secretAccessKey.reveal()).toBe('secret');
  });

  it.each([
    ['a bucket is missing', { LONGHAUL_TEST_S3_ENDPOINT: 'http://127.0.0.1:9000' }, 'LONGHAUL_TEST_S3_BUCKET must'],
    ['half a credential', { LONGHAUL_TEST_S3_BUCKET: 'b', LONGHAUL_TEST_S3_ACCESS_KEY_ID: 'id' }, 'set together'],
    ['a name is wrong', { LONGHAUL_TEST_S3_BUKET: 'b' }, 'LONGHAUL_TEST_S3_BUKET'],
  ])('is refused, not skipped, when %s', (_what, variables, message) => {
    expect(() => givenS3Store(variables)).toThrow(message);
  });
});
