import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stackPaths } from '../../src/local/state/stack-layout.js';
import type { FaultPlan } from '../support/faults/fault-proxy.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import {
  generateMigration,
  repeatMigration,
  type GeneratedMigration,
} from '../support/migrations/generated-migration.js';
import { watchMigration } from '../support/programs/await-migration.js';
import { migrationStatus, type MigrationStatus } from '../support/programs/migration-status.js';
import { startAzuriteOver, type StartedStore } from '../support/servers/local-stores.js';
import { partPid } from '../support/servers/stack-parts.js';
import { useProxiedStack } from '../support/servers/use-proxied-stack.js';
import { until } from '../support/until.js';

/** How long the file with the credential follows the store. */
const followsAfterMs = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'longhaul-rotations-'));
const awsFile = join(folder, 'credentials');
const profile = 'rotated';

// Four units in flight whose puts take this long: the migration lasts until the file has followed.
const speed = '\nspeed:\n  heartbeatTimeout: 10s\n  unitsInFlight: 2\n';
const slowly: FaultPlan = ({ kind }) => (kind === 'put object' ? { kind: 'latency', ms: 3_000 } : undefined);

describe('a migration whose credential is rotated in the middle, and whose file follows 30 s later', () => {
  beforeAll(() => vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', awsFile));
  const own = useProxiedStack();
  let data: GeneratedMigration;
  let azurite: StartedStore | undefined;

  beforeAll(async () => {
    data = await generateMigration(
      own.stack,
      'rotated',
      { units: 160, seed: 13, bigUnitRawBytes: 0 },
      own.stores.endpoints,
    );
    await appendFile(data.migrationPath, speed);
  }, 300_000);
  afterAll(async () => {
    await azurite?.stop();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  const status = async (name: string): Promise<MigrationStatus> => {
    const found = await migrationStatus(own.stack, name);
    if (found === undefined) throw new Error(`there is no migration ${name}`);
    return found;
  };
  const moved = (name: string, units: number) =>
    until(
      `${String(units)} units are done`,
      async () => ((await migrationStatus(own.stack, name))?.units.done ?? 0) >= units,
    );
  const blocked = (name: string, what: string) =>
    until(`${what} is blocked`, async () => (await status(name)).blocked.some((each) => each.what === what));

  it('of Azure: it continues by itself, no unit fails, and the other accounts never stop', async () => {
    own.stores.inject(slowly);
    const migration = await repeatMigration(own.stack, data, 'azure-rotated');
    const watched = watchMigration(own.stack, migration);
    await moved(migration.name, 5);

    const key = randomBytes(64).toString('base64');
    azurite = await restartAzurite(key);
    const rotatedAtMs = performance.now();
    const others: number[] = [];
    own.stores.onArrival = ({ path }) => {
      if (/^\/prod(west|late)\//.test(path)) others.push(performance.now());
    };
    await blocked(migration.name, 'account east');
    const doneWhenBlocked = (await status(migration.name)).units.done;
    await wait(Math.max(0, rotatedAtMs + followsAfterMs - performance.now()));
    const before = await status(migration.name);
    expect(before.blocked.map(({ what }) => what)).toEqual(['account east']);
    expect(before.units.failed).toBe(0);
    expect(before.units.done).toBeGreaterThan(doneWhenBlocked);
    expect(longestGapMs([rotatedAtMs, ...others, performance.now()])).toBeLessThan(15_000);

    const followedAtMs = performance.now();
    await writeFile(own.stack.environment['LONGHAUL_CREDENTIAL_PRODEAST_KEY_FILE'] ?? '', key);
    await until('nothing is blocked', async () => (await status(migration.name)).blocked.length === 0);
    console.log(`azure: free ${String((performance.now() - followedAtMs) / 1_000)} s after the file followed`);
    own.stores.inject(() => undefined);
    await watched.ended();
    await expectRightOutcome(own.s3, migration);
  });

  it('of S3: it continues by itself, and no unit fails', async () => {
    own.stores.inject(slowly);
    await acceptOnly('FIRST');
    holdInFile('FIRST');
    const migration = await repeatMigration(own.stack, data, 's3-rotated', (text) =>
      text.replace(/^target:\n/m, `target:\n  profile: ${profile}\n`),
    );
    const watched = watchMigration(own.stack, migration);
    await moved(migration.name, 5);

    await acceptOnly('SECOND');
    const rotatedAtMs = performance.now();
    await until('a request is refused', () =>
      own.stores.requests.some(({ status: code, arrivedMs }) => code === 403 && arrivedMs >= rotatedAtMs),
    );
    await wait(Math.max(0, rotatedAtMs + followsAfterMs - performance.now()));
    holdInFile('SECOND');
    own.stores.inject(() => undefined);
    await watched.ended();
    await expectRightOutcome(own.s3, migration);
  });

  /** Restarts Azurite with another key of the account `prodeast`, and with the data that it had. */
  async function restartAzurite(key: string): Promise<StartedStore> {
    const pid = await partPid(own.stack, 'azurite');
    process.kill(pid, 'SIGTERM');
    await until('Azurite has ended', () => !isAlive(pid));
    const accounts = ['prodeast', 'prodwest', 'prodlate'].map((name) => {
      const connection = own.stack.environment[`LONGHAUL_CREDENTIAL_${name.toUpperCase()}`] ?? '';
      const [, held = ''] = /AccountKey=([^;]+)/.exec(connection) ?? [];
      const [, endpoint = ''] = /BlobEndpoint=([^;]+)/.exec(connection) ?? [];
      return { name, endpoint, key: name === 'prodeast' ? key : held };
    });
    const port = Number(new URL(accounts[0]?.endpoint ?? '').port);
    return await startAzuriteOver({ stateDir: own.stack.stateDir, port, accounts });
  }

  /** Makes SeaweedFS accept this key, and of those that it accepted before only the stack's own. */
  async function acceptOnly(name: string): Promise<void> {
    const path = stackPaths(own.stack.stateDir).s3Config;
    const { identities } = JSON.parse(await readFile(path, 'utf8')) as { identities: { name: string }[] };
    const actions = ['Admin', 'Read', 'Write', 'List', 'Tagging'];
    const rotated = { name: profile, credentials: [{ accessKey: idOf(name), secretKey: secretOf(name) }], actions };
    const others = identities.filter((identity) => identity.name !== profile);
    writeFileSync(path, JSON.stringify({ identities: [...others, rotated] }));
    process.kill(await partPid(own.stack, 's3'), 'SIGHUP');
  }
});

function holdInFile(name: string): void {
  const lines = [`[${profile}]`, `aws_access_key_id=${idOf(name)}`, `aws_secret_access_key=${secretOf(name)}`];
  writeFileSync(awsFile, `${lines.join('\n')}\n`);
}

const idOf = (name: string): string => `ROTATED${name}`;
const secretOf = (name: string): string => `secret-of-the-${name}`;

function longestGapMs(times: readonly number[]): number {
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}

function isAlive(pid: number): boolean {
  // Ended, and not yet reaped by the process that inherited it.
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
}
