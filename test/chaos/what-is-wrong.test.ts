import { rename } from 'node:fs/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultPlan } from '../support/faults/fault-proxy.js';
import { killWorker, workerPid } from '../support/faults/kill-workers.js';
import type { GeneratedMigration } from '../support/migrations/generated-migration.js';
import { runLonghaul } from '../support/programs/longhaul-program.js';
import { startInTerminal, type TerminalRun } from '../support/programs/start-in-terminal.js';
import { bringUpAgain, partPid } from '../support/servers/stack-parts.js';
import { generateProxied, useProxiedStack } from '../support/servers/use-proxied-stack.js';
import { until } from '../support/until.js';

// What the terminal promises, plus what a busy machine may take to draw it.
const promisedMs = 30_000;

const slowly: FaultPlan = ({ kind }) => (kind === 'put object' ? { kind: 'latency', ms: 8_000 } : undefined);
const dead: FaultPlan = () => ({ kind: 'reset' });

describe('within 30 s the terminal says what is wrong and what to do', () => {
  const own = useProxiedStack();
  let migration: GeneratedMigration;
  let terminal: TerminalRun;

  beforeAll(async () => {
    migration = await generateProxied(own, 'wrong', { units: 900, seed: 31, bigUnitRawBytes: 0 });
    own.stores.target.plan = slowly;
    const started = await runLonghaul(['start', migration.migrationPath], own.stack.environment);
    expect(started.exitCode, started.stderr).toBe(0);
    terminal = startInTerminal(['watch', migration.name], own.stack.environment, { columns: 110, rows: 50 });
    await movesAgain();
  }, 600_000);

  afterEach(async () => {
    own.stores.source.plan = () => undefined;
    own.stores.target.plan = slowly;
    await runLonghaul(['resume', migration.name], own.stack.environment);
    await movesAgain();
  }, 300_000);

  const shows = (...words: readonly RegExp[]): boolean => {
    const text = terminal.screen().join('\n');
    return words.every((word) => word.test(text));
  };

  const movesAgain = () =>
    until('it moves, and nothing is wrong', () => shows(/ running: /) && !shows(/\b(waiting|blocked): /), 240_000);

  /** Returns after how many seconds the terminal shows all of this. */
  async function secondsUntil(...words: readonly RegExp[]): Promise<number> {
    const beganMs = performance.now();
    await until(`the terminal shows ${words.join(' and ')}`, () => shows(...words), 90_000);
    const seconds = (performance.now() - beganMs) / 1_000;
    console.log(`${expect.getState().currentTestName ?? ''}: ${seconds.toFixed(1)} s`);
    expect(seconds * 1_000).toBeLessThanOrEqual(promisedMs);
    return seconds;
  }

  it('if S3 is dead', async () => {
    own.stores.target.plan = dead;
    await secondsUntil(/(waiting|blocked): target .* \(TargetNetwork\)/, /next: check the network to the target/);
  });

  it('if Azure is dead', async () => {
    own.stores.source.plan = dead;
    await secondsUntil(/waiting: account \w+ \(SourceNetwork\)/, /next: check the network to the source account/);
  });

  it('if all units of one account wait', async () => {
    own.stores.source.plan = ({ path }) => (path.startsWith('/prodeast/') ? { kind: 'reset' } : undefined);
    await secondsUntil(/waiting: account east \(SourceNetwork\)/, /next: check the network to the source account/);
    expect(shows(/account (west|late) \(/)).toBe(false);
  });

  it('if a credential is refused', async () => {
    own.stores.source.plan = () => ({ kind: 'refuse', status: 403, code: 'AuthenticationFailed' });
    await secondsUntil(
      /blocked: account \w+ \(SourceAuth\)/,
      /next: renew the credential .*\n? *.*longhaul resume wrong/,
    );
  });

  it('if a credential is missing', async () => {
    const file = own.stack.environment['LONGHAUL_CREDENTIAL_PRODEAST_KEY_FILE'] ?? '';
    killWorker(await workerPid(own.stack));
    await rename(file, `${file}.away`);
    try {
      await bringUpAgain(own.stack);
      await secondsUntil(
        /blocked: account east \(ConfigError\/Credential\)/,
        /next: set the credential on the workers/,
      );
    } finally {
      await rename(`${file}.away`, file);
    }
  });

  it('if there is no worker', async () => {
    killWorker(await workerPid(own.stack));
    try {
      await secondsUntil(/blocked: workers \(NoWorkers\)/, /next: start `longhaul-worker`/);
    } finally {
      await bringUpAgain(own.stack);
    }
  });

  it('if Temporal is gone, and when it is back', async () => {
    process.kill(await partPid(own.stack, 'temporal'), 'SIGKILL');
    try {
      await secondsUntil(/Temporal .* failed: .*retrying/, /next: check that the server is running/);
    } finally {
      await bringUpAgain(own.stack);
    }
    await secondsUntil(/is answering again/);
  });
});
