import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import type { FaultPlan } from '../support/faults/fault-proxy.js';
import { killWorker, killWorkerProcesses, workerPid } from '../support/faults/kill-workers.js';
import type { GeneratedMigration } from '../support/migrations/generated-migration.js';
import { runLonghaul } from '../support/programs/longhaul-program.js';
import { upTo, type RandomNumbers } from '../support/random-numbers.js';
import { bringUpAgain, partPid } from '../support/servers/stack-parts.js';
import type { ProxiedStack } from '../support/servers/use-proxied-stack.js';

/** Returns what happens during a soak, by name. Each undoes what it has done, and takes a few seconds. */
export function soakDisturbances(
  { stack, stores }: ProxiedStack,
  { name }: GeneratedMigration,
  random: RandomNumbers,
): Readonly<Record<string, () => Promise<void>>> {
  const someSeconds = () => wait(2_000 + upTo(random, 10_000));
  // A round may have ended meanwhile, so that there is nothing to pause or to tune.
  const attempt = async (...args: readonly string[]): Promise<void> => {
    const { exitCode, stderr } = await runLonghaul(args, stack.environment);
    expect([0, 2], `${args.join(' ')}: ${stderr}`).toContain(exitCode);
  };
  const during = async (plan: FaultPlan): Promise<void> => {
    const before = stores.source.plan;
    stores.source.plan = (request) => plan(request) ?? before(request);
    await someSeconds();
    stores.source.plan = before;
  };
  const refuseEast: FaultPlan = ({ path }) =>
    path.startsWith('/prodeast/') ? { kind: 'refuse', status: 403, code: 'AuthenticationFailed' } : undefined;

  return {
    'nothing but the usual faults': someSeconds,
    'kill the processes of the workers': async () => {
      killWorkerProcesses(await workerPid(stack));
      await someSeconds();
    },
    'kill all workers': async () => {
      killWorker(await workerPid(stack));
      await someSeconds();
      await bringUpAgain(stack);
    },
    'kill Temporal': async () => {
      process.kill(await partPid(stack, 'temporal'), 'SIGKILL');
      await wait(2_000);
      await bringUpAgain(stack);
    },
    'kill the S3 server': async () => {
      process.kill(await partPid(stack, 's3'), 'SIGKILL');
      await someSeconds();
      await bringUpAgain(stack);
    },
    'pause and resume': async () => {
      await attempt('pause', name, ...(random() < 0.5 ? ['--now'] : []));
      await someSeconds();
      await attempt('resume', name);
    },
    'tune the speed': () => attempt('tune', name, `unitsInFlight=${String(1 + upTo(random, 12))}`),
    'tune an account': () => attempt('tune', name, `requestsPerSecond.west=${String(5 + upTo(random, 50))}`),
    'throttle an account': () =>
      during(({ path }) => (path.startsWith('/prodwest/') && random() < 0.7 ? { kind: 'busy' } : undefined)),
    'refuse the credential of an account': () => during(refuseEast),
    'take a credential away, and put another file in its place': async () => {
      const file = stack.environment['LONGHAUL_CREDENTIAL_PRODEAST_KEY_FILE'] ?? '';
      const key = await readFile(file, 'utf8');
      await writeFile(file, Buffer.from('another key'.padEnd(64, '.')).toString('base64'));
      await during(refuseEast);
      await writeFile(file, key);
      await someSeconds();
    },
  };
}
