import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import type { VerificationDocument } from '../../src/commands/verbs/verify/verification-document.js';
import type { StatusDocument } from '../../src/commands/status/status-document.js';
import { Flag } from '../support/fakes/flag.js';
import { killAtRequest } from '../support/faults/kill-at-request.js';
import { watchMigration } from '../support/programs/await-migration.js';
import { runLonghaul, runLonghaulJson } from '../support/programs/longhaul-program.js';
import { bringUpAgain } from '../support/servers/stack-parts.js';
import { until } from '../support/until.js';
import { generateProxied, useProxiedStack } from '../support/servers/use-proxied-stack.js';

const own = useProxiedStack();
const withoutWorkers = 6;

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

  expect(await verified).toMatchObject({
    exitCode: 4,
    document: {
      verification: 0,
      objects: units,
      intact: units - 1,
      readBack: { objects: units - 1 },
      differences: [{ class: 'VerifyMismatch/Missing', objects: 1 }],
    },
  });

  /** Follows the verification to its end: without workers for half a minute the command ends, so it attaches again. */
  async function verify() {
    for (;;) {
      const args = ['verify', migration.name, '--full'];
      const ran = await runLonghaulJson<VerificationDocument>(args, stack.environment);
      if (ran.exitCode !== withoutWorkers) return ran;
    }
  }
});

it('a verification is paused, resumed, cancelled and continued by its name, and finds all there is', async () => {
  const { stack, stores, s3 } = own;
  const units = 40;
  const migration = await generateProxied(own, 'controlled-verification', { units, seed: 22, bigUnitRawBytes: 0 });
  await watchMigration(stack, migration).ended();
  const [gone] = migration.expected;
  await s3.send(new DeleteObjectCommand({ Bucket: migration.bucket, Key: gone?.key }));
  const name = `verify/${migration.name}`;
  const run = (...args: string[]) => runLonghaul(args, stack.environment);
  const phase = async () => (await runLonghaulJson<StatusDocument>(['status', name], stack.environment)).document.phase;
  const verify = () => runLonghaulJson<VerificationDocument>(['verify', migration.name, '--full'], stack.environment);

  const released = new Flag();
  const reading = new Flag();
  let read = 0;
  stores.target.plan = ({ kind, path }) => {
    if (kind !== 'read object' || !path.startsWith(`/${migration.bucket}/units/`)) return undefined;
    read += 1;
    if (read <= 10) return undefined;
    reading.raise();
    return { kind: 'hold', until: released.raised };
  };
  const first = verify();
  await reading.raised;
  expect(await run('pause', name, '--now')).toMatchObject({ exitCode: 0 });
  await until('the verification is paused', async () => (await phase()) === 'paused');
  const readBefore = read;
  expect(await run('resume', name)).toMatchObject({ exitCode: 0 });
  await until('it reads on', () => read > readBefore);
  expect(await run('cancel', name)).toMatchObject({ exitCode: 0 });
  expect(await phase()).toBe('cancelled');
  expect(await first).toMatchObject({ exitCode: 8 });
  // The migration itself has nothing to do with it.
  expect(await run('status', migration.name)).toMatchObject({ exitCode: 0 });

  released.raise();
  stores.target.plan = () => undefined;
  expect(await run('resume', name)).toMatchObject({ exitCode: 0 });
  expect(await run('watch', name)).toMatchObject({ exitCode: 4 });
  const whole = { exitCode: 4, document: { objects: units, intact: units - 1, readBack: { objects: units - 1 } } };
  expect(await verify()).toMatchObject(whole);
});
