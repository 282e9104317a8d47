import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/domain/text/secret.js';
import { ensureBucket } from '../../src/stores/s3/bucket/check-target-bucket.js';
import { s3StoreContracts } from '../contract/s3-store-contracts.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { generateMigration, s3Client } from '../support/migrations/generated-migration.js';
import { runLonghaulJson } from '../support/programs/longhaul-program.js';
import { startStack, type StartedStack } from '../support/servers/start-stack.js';
import { type OtherS3Server, startOtherS3 } from './other-s3-server.js';

/** Runs the contracts of stores, and a whole migration with `check` before and `verify` after it, on an S3 server. */
export function s3ServerTests(server: OtherS3Server): void {
  describe(`${server.name} ${server.version}`, () => {
    let own: StartedStack;
    let started: Awaited<ReturnType<typeof startOtherS3>>;

    beforeAll(async () => {
      own = await startStack();
      started = await startOtherS3(server, keysOf(own));
    }, 1_200_000);
    afterAll(async () => {
      await started.stop();
      await own.end();
    });

    describe.each(['lean', 'sdk'] as const)('over the HTTP client %s', (http) => {
      s3StoreContracts(async () => {
        const { accessKeyId, secretAccessKey } = keysOf(own);
        const place = {
          connection: { endpoint: started.endpoint, forcePathStyle: true, region: 'us-east-1' },
          ...{ bucket: 'archive', prefix: `tests-${http}`, allowInsecureEndpoints: true, http },
          keys: { accessKeyId, secretAccessKey: new Secret(secretAccessKey) },
        };
        await ensureBucket(place, new AbortController().signal);
        return place;
      });
    });

    it('takes a whole migration, which check has admitted and verify finds intact', async () => {
      const stack = { ...own.stack, s3Endpoint: started.endpoint };
      const azure = new URL(
        /BlobEndpoint=([^;]+)/.exec(stack.environment['LONGHAUL_CREDENTIAL_PRODEAST'] ?? '')?.[1] ?? '',
      );
      const endpoints = { azure: azure.origin, s3: started.endpoint };
      const migration = await generateMigration(stack, 'elsewhere', { units: 20 }, endpoints);

      const check = await runLonghaulJson(['check', migration.migrationPath], stack.environment);
      expect(check, check.stderr).toMatchObject({ exitCode: 0 });
      const moved = await runLonghaulJson(['start', migration.migrationPath, '--watch'], stack.environment);
      expect(moved, moved.stderr).toMatchObject({ exitCode: 0, document: { units: { total: 20, done: 20 } } });
      const s3 = s3Client(stack);
      await expectRightOutcome(s3, migration);
      s3.destroy();
      const verified = await runLonghaulJson(['verify', migration.name, '--full'], stack.environment);
      expect(verified, verified.stderr).toMatchObject({ exitCode: 0 });
    });
  });
}

function keysOf({ stack }: StartedStack) {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = stack.environment;
  return { accessKeyId, secretAccessKey };
}
