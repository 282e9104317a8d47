import { s3ServerTests } from './s3-server-tests.js';

s3ServerTests({
  name: 'versitygw',
  package: 'github.com/versity/versitygw/cmd/versitygw',
  version: 'v1.8.0',
  args: ({ port, data, metadata, keys }) => [
    ...['--access', keys.accessKeyId, '--secret', keys.secretAccessKey],
    ...['--port', `127.0.0.1:${String(port)}`, '--quiet', '--keep-alive'],
    // If the file system has no extended attributes, metadata is stored in separate files.
    ...['posix', '--sidecar', metadata, data],
  ],
});
