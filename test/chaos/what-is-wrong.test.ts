import { once } from 'node:events';
import { appendFile, readFile, rename } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Page, Response } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { printedLink } from '../support/browser/printed-link.js';
import { seeOnPage } from '../support/browser/see-on-page.js';
import { useBrowserWhereFound } from '../support/browser/use-browser.js';
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

// Four units in flight whose puts take this long: the migration lasts until the test is through with it.
const speed = '\nspeed:\n  heartbeatTimeout: 10s\n  unitsInFlight: 2\n';
const slowly: FaultPlan = ({ kind }) => (kind === 'put object' ? { kind: 'latency', ms: 5_000 } : undefined);

describe('within 30 s the terminal and the page say what is wrong and what to do,', () => {
  const own = useProxiedStack();
  const browser = useBrowserWhereFound();
  const looked: string[] = [];
  const said: string[] = [];
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
   * Starts a migration, watches it on a terminal and on its page, and makes something go wrong once units are moving.
   * Expects all words in both places in time, and then whatever `after` does.
   */
  async function expectSaid(
    name: string,
    goWrong: () => Promise<void> | void,
    words: readonly RegExp[],
    {
      look = async (page) => see(page, ...words.map((word) => new RegExp(word.source, 'i'))),
      withinMs = usualMs,
      hasNoPage = false,
      isMoving = true,
      change,
      after = async () => {},
    }: {
      /** Resolves when the page says what is wrong; by default it waits for the same words. */
      readonly look?: (page: Page) => Promise<unknown>;
      /** The limit for the terminal. The page has 30 s. */
      readonly withinMs?: number;
      readonly hasNoPage?: boolean;
      /** Whether units move before it goes wrong. */
      readonly isMoving?: boolean;
      /** Changes the migration file. */
      readonly change?: (text: string) => string;
      readonly after?: (seen: { readonly text: () => string; readonly page: Page | undefined }) => Promise<void>;
    } = {},
  ): Promise<void> {
    own.stores.inject(slowly);
    const { environment } = own.stack;
    const migration = await repeatMigration(own.stack, data, name, change);
    const started = await runLonghaul(['start', migration.migrationPath], environment);
    expect(started.exitCode, started.stderr).toBe(0);
    const terminal = startInTerminal(['watch', name], environment, { columns: 110, rows: 50 });
    const text = (): string => terminal.screen().join('\n');
    const page = (await browser?.openPage(printedLink(started.stdout)))?.page;
    try {
      if (isMoving) await until('units are in flight', () => /\b[1-9]\d* of \d+ units in flight/.test(text()));
      await goWrong();
      const beganMs = performance.now();
      const measured = async (where: string, saying: Promise<unknown>): Promise<number> => {
        await saying;
        const tookMs = performance.now() - beganMs;
        console.log(`${name}: ${where} says so after ${(tookMs / 1_000).toFixed(1)} s`);
        return tookMs;
      };
      const isSaid = (): boolean => words.every((word) => word.test(text()));
      const onTerminal = until(`the terminal shows ${words.join(' and ')}`, isSaid).catch((error: unknown) => {
        throw new Error(`the terminal shows\n${text()}`, { cause: error });
      });
      const [terminalMs, pageMs] = await Promise.all([
        measured('the terminal', onTerminal),
        page === undefined || hasNoPage ? 0 : measured('the page', look(page)),
      ]);
      expect(terminalMs).toBeLessThanOrEqual(withinMs);
      expect(pageMs).toBeLessThanOrEqual(promisedMs);
      await after({ text, page });
      said.push(name);
      if (page !== undefined) looked.push(name);
    } finally {
      await page?.context().close();
      own.stores.inject(() => undefined);
      await runLonghaul(['cancel', name], environment);
      await terminal.ended;
    }
  }

  /** Waits until a page shows something, and has it look again, as its reader would. */
  const see = (page: Page, ...wanted: readonly RegExp[]): Promise<string> =>
    seeOnPage(page, wanted, { again: () => page.keyboard.press('r'), patienceMs: 100_000 });

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
        {
          ...{ isMoving: false, change: accounts },
          look: (page) =>
            see(
              page,
              /waiting: account \w+ \(SourceNetwork\) since [^()]+: 2 of 3 accounts cannot be used/,
              /ENOTFOUND|EAI_AGAIN/,
              /certificate is not trusted/,
              /Next: check the network to the source account/,
            ),
        },
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
      ...[/blocked: account \w+ \(SourceAuth\)/, /next: renew the credential [^]*longhaul resume refused\b/],
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
    const advice = 'If there are no current details, no worker answers: start longhaul-worker with';
    let unanswered: Promise<Response> | undefined;
    await expectSaid('no-workers', workersGone, [/blocked: workers \(NoWorkers\)/, /next: start `longhaul-worker`/], {
      withinMs: promisedMs,
      // Opened now: a page that is open keeps its figures, with their time, until the server gives the workers up.
      look: async (page) => {
        const answer = page.waitForResponse(/__temporal_workflow_metadata/, { timeout: 100_000 });
        await page.reload();
        await seeOnPage(page, [advice]);
        unanswered = answer;
      },
      after: async ({ page }) => {
        expect((await unanswered)?.ok() ?? false).toBe(false);
        if (page !== undefined) expect(await seeOnPage(page, [advice])).not.toContain('Figures of');
        await bringUp();
      },
    });
  });

  it('if Temporal is gone, and when it is back', async () => {
    await expectSaid(
      'no-temporal',
      async () => void process.kill(await partPid(own.stack, 'temporal'), 'SIGKILL'),
      [/Temporal .* failed: .*; retrying/, /next: check that the server is running/],
      {
        // Its page comes from Temporal itself.
        hasNoPage: true,
        after: async ({ text, page }) => {
          await bringUp();
          const beganMs = performance.now();
          await until('the terminal says that it is back', () => text().includes('is answering again'));
          if (page === undefined) return;
          await page.reload();
          await see(page, /running since .*: \d+ of 32 units/, /Figures of/);
          const pageMs = performance.now() - beganMs;
          console.log(`no-temporal: the page is back after ${(pageMs / 1_000).toFixed(1)} s`);
          expect(pageMs).toBeLessThanOrEqual(promisedMs);
        },
      },
    );
  });

  it.skipIf(browser === undefined)('on the page in each of these cases', () => {
    expect(looked).toEqual(said);
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
