import { once } from 'node:events';
import { appendFile, readFile, rename } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FaultPlan } from '../support/faults/fault-proxy.js';
import { killWorker, workerPid } from '../support/faults/kill-workers.js';
import {
  generateMigration,
  repeatMigration,
  type GeneratedMigration,
} from '../support/migrations/generated-migration.js';
import { runLonghaul } from '../support/programs/longhaul-program.js';
import { startInTerminal } from '../support/programs/start-in-terminal.js';
import { bringUpAgain, partPid } from '../support/servers/stack-parts.js';
import { useProxiedStack } from '../support/servers/use-proxied-stack.js';
import { until } from '../support/until.js';

// Within 30 s anything must show. What does not wait for the silence of a worker shows sooner: on a quiet machine
// within 20 s.
const promisedMs = 30_000;
const usualMs = 25_000;

// Four units in flight whose puts take so long: the migration lasts until the test is through with it.
const speed = '\nspeed:\n  heartbeatTimeout: 10s\n  unitsInFlight: 2\n';
const slowly: FaultPlan = ({ kind }) => (kind === 'put object' ? { kind: 'latency', ms: 5_000 } : undefined);

describe('within 30 s the terminal says what is wrong and what to do', () => {
  const own = useProxiedStack();
  let data: GeneratedMigration;

  beforeAll(async () => {
    data = await generateMigration(
      own.stack,
      'wrong',
      { units: 32, seed: 31, bigUnitRawBytes: 0 },
      own.stores.endpoints,
    );
    await appendFile(data.migrationPath, speed);
  }, 300_000);

  /**
   * Starts a migration, watches it on a terminal, and makes something go wrong once units are moving. Expects all words
   * on the terminal in time, and then whatever `after` does.
   */
  async function expectSaid(
    name: string,
    goWrong: () => Promise<void> | void,
    words: readonly RegExp[],
    {
      withinMs = usualMs,
      isMoving = true,
      change,
      after = async () => {},
    }: {
      readonly withinMs?: number;
      /** Whether units move before it goes wrong. */
      readonly isMoving?: boolean;
      /** Changes the migration file. */
      readonly change?: (text: string) => string;
      readonly after?: (terminal: { readonly text: () => string }) => Promise<void>;
    } = {},
  ): Promise<void> {
    own.stores.inject(slowly);
    const { environment } = own.stack;
    const migration = await repeatMigration(own.stack, data, name, change);
    const started = await runLonghaul(['start', migration.migrationPath], environment);
    expect(started.exitCode, started.stderr).toBe(0);
    const terminal = startInTerminal(['watch', name], environment, { columns: 110, rows: 50 });
    const text = (): string => terminal.screen().join('\n');
    try {
      if (isMoving) await until('units are in flight', () => /\b[1-9]\d* of \d+ units in flight/.test(text()));
      await goWrong();
      const beganMs = performance.now();
      const isSaid = (): boolean => words.every((word) => word.test(text()));
      await until(`the terminal shows ${words.join(' and ')}`, isSaid).catch((error: unknown) => {
        throw new Error(`the terminal shows\n${text()}`, { cause: error });
      });
      const tookMs = performance.now() - beganMs;
      console.log(`${name}: said after ${(tookMs / 1_000).toFixed(1)} s`);
      expect(tookMs).toBeLessThanOrEqual(withinMs);
      await after({ text });
    } finally {
      own.stores.inject(() => undefined);
      await runLonghaul(['cancel', name], environment);
      await terminal.ended;
    }
  }

  const workersGone = async (): Promise<void> => killWorker(await workerPid(own.stack));
  const bringUp = (): Promise<void> => bringUpAgain(own.stack);

  it('if S3 is dead', async () => {
    const dead: FaultPlan = () => ({ kind: 'reset' });
    await expectSaid('s3-dead', () => void (own.stores.target.plan = dead), [
      ...[/(waiting|blocked): .*\(TargetNetwork\)/, /next: check the network to the target/],
    ]);
  });

  it('if Azure is dead', async () => {
    const dead: FaultPlan = () => ({ kind: 'reset' });
    await expectSaid('azure-dead', () => void (own.stores.source.plan = dead), [
      ...[/waiting: account \w+ \(SourceNetwork\)/, /next: check the network to the source account/],
    ]);
  });

  it('if Azure accepts connections and never answers', async () => {
    const hangs: FaultPlan = () => ({ kind: 'stall' });
    await expectSaid('azure-hangs', () => void (own.stores.source.plan = hangs), [
      ...[/waiting: account \w+ \(SourceStalled\)/, /next: check the network to the source account/],
    ]);
  });

  it('if S3 accepts connections and never answers', async () => {
    const hangs: FaultPlan = () => ({ kind: 'stall' });
    await expectSaid('s3-hangs', () => void (own.stores.target.plan = hangs), [
      ...[/waiting: .*\(TargetNetwork\)/, /next: check the network to the target/],
    ]);
  });

  it('if the name of an account does not resolve and the certificate of another is not trusted', async () => {
    const { url, close } = await startHttps();
    const accounts = (text: string): string =>
      text
        .replace(/endpoint: http:[^\n]*prodeast/, 'endpoint: https://prodeast.nowhere.invalid')
        .replace(/endpoint: http:[^\n]*prodwest/, `endpoint: ${url}`);
    try {
      await expectSaid(
        'unreached',
        () => {},
        [
          /SourceNetwork\)?: 2 of 3 accounts cannot be used/,
          /ENOTFOUND|EAI_AGAIN/,
          /certificate\s+is\s+not\s+trusted/,
          /next: check the network to the source account/,
        ],
        { isMoving: false, change: accounts },
      );
    } finally {
      await close();
    }
  });

  it('if all units of one account wait', async () => {
    const east: FaultPlan = ({ path }) => (path.startsWith('/prodeast/') ? { kind: 'reset' } : undefined);
    await expectSaid(
      'east-dead',
      () => void (own.stores.source.plan = east),
      [/waiting: account east \(SourceNetwork\)/, /next: check the network to the source account/],
      { after: async ({ text }) => expect(text()).not.toMatch(/account (west|late) \(/) },
    );
  });

  it('if a credential is refused', async () => {
    const refused: FaultPlan = () => ({ kind: 'refuse', status: 403, code: 'AuthenticationFailed' });
    await expectSaid('refused', () => void (own.stores.source.plan = refused), [
      ...[/blocked: account \w+ \(SourceAuth\)/, /next: renew the credential [^]*longhaul resume refused`/],
    ]);
  });

  it('if a credential is missing', async () => {
    const file = own.stack.environment['LONGHAUL_CREDENTIAL_PRODEAST_KEY_FILE'] ?? '';
    const takeAway = async (): Promise<void> => {
      await workersGone();
      await rename(file, `${file}.away`);
      await bringUp();
    };
    try {
      await expectSaid('missing', takeAway, [
        ...[/blocked: account east \(ConfigError\/Credential\)/, /next: set the credential on the workers/],
      ]);
    } finally {
      await rename(`${file}.away`, file);
    }
  });

  it('if there is no worker', async () => {
    await expectSaid('no-workers', workersGone, [/blocked: workers \(NoWorkers\)/, /next: start `longhaul-worker`/], {
      withinMs: promisedMs,
      after: bringUp,
    });
  });

  it('if Temporal is gone, and when it is back', async () => {
    await expectSaid(
      'no-temporal',
      async () => void process.kill(await partPid(own.stack, 'temporal'), 'SIGKILL'),
      [/Temporal .* failed: .*; retrying/, /next: check that the server is running/],
      {
        after: async ({ text }) => {
          await bringUp();
          await until('the terminal says that it is back', () => text().includes('is answering again'));
        },
      },
    );
  });
});

/** Starts a server with a certificate that nobody trusts. */
async function startHttps(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const file = (name: string): Promise<Buffer> => readFile(new URL(`../support/servers/tls/${name}`, import.meta.url));
  const server = createServer({ cert: await file('certificate.pem'), key: await file('key.pem') });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}/prodwest`;
  return {
    url,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
