import { s3ServerTests } from './s3-server-tests.js';

s3ServerTests({
  name: 'minio',
  package: 'github.com/minio/minio',
  // MinIO has no versions that Go can name; this is RELEASE.2026-02-12.
  version: 'v0.0.0-20260212201848-7aac2a2c5b7c',
  args: ({ port, data }) => [
    ...['server', data, '--address', `127.0.0.1:${String(port)}`],
    ...['--console-address', `127.0.0.1:${String(port + 1)}`],
  ],
  environment: ({ accessKeyId, secretAccessKey }) => ({
    MINIO_ROOT_USER: accessKeyId,
    MINIO_ROOT_PASSWORD: secretAccessKey,
  }),
});
