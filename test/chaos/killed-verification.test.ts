import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import type { VerificationDocument } from '../../src/commands/verbs/verify/verification-document.js';
import { killAtRequest } from '../support/faults/kill-at-request.js';
import { watchMigration } from '../support/programs/await-migration.js';
import { runLonghaulJson } from '../support/programs/longhaul-program.js';
import { bringUpAgain } from '../support/servers/stack-parts.js';
import { generateProxied, useProxiedStack } from '../support/servers/use-proxied-stack.js';

const own = useProxiedStack();

it('a verification whose workers are killed finds what an undisturbed one finds', async () => {
  const { stack, s3 } = own;
  const units = 200;
  const migration = await generateProxied(own, 'killed-verification', { units, seed: 21, bigUnitRawBytes: 0 });
  await watchMigration(stack, migration).ended();
  const [gone] = migration.expected;
  await s3.send(new DeleteObjectCommand({ Bucket: migration.bucket, Key: gone?.key }));

  let read = 0;
  let verified: ReturnType<typeof verify> | undefined;
  await killAtRequest(
    own,
    ['workers'],
    ({ kind }) => kind === 'read object' && (read += 1) > units / 3,
    () => {
      verified = verify();
    },
  );
  await bringUpAgain(stack);
  const disturbed = await verified;

  expect(disturbed).toMatchObject({
    exitCode: 4,
    document: {
      objects: units,
      intact: units - 1,
      readBack: { objects: units - 1 },
      differences: [{ class: 'VerifyMismatch/Missing', objects: 1 }],
    },
  });

  function verify() {
    return runLonghaulJson<VerificationDocument>(['verify', migration.name, '--full'], stack.environment);
  }
});
