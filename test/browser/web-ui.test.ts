import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printedLink } from '../support/browser/printed-link.js';
import { countInFrames, seeOnPage } from '../support/browser/see-on-page.js';
import { sendUpdate } from '../support/browser/send-update.js';
import { takePicture } from '../support/browser/take-picture.js';
import { useBrowser } from '../support/browser/use-browser.js';
import { Flag } from '../support/fakes/flag.js';
import type { Fault } from '../support/faults/fault.js';
import { startFaultProxy, type FaultProxy, type ProxiedRequest } from '../support/faults/fault-proxy.js';
import { killWorker } from '../support/faults/kill-workers.js';
import { sourceRequestKind } from '../support/faults/request-kind.js';
import { azureService, generateMigration, repeatMigration } from '../support/migrations/generated-migration.js';
import type { GeneratedMigration } from '../support/migrations/generated-migration.js';
import { runLonghaul } from '../support/programs/longhaul-program.js';
import { bringUpAgain, partPid } from '../support/servers/stack-parts.js';
import { useProxiedStack } from '../support/servers/use-proxied-stack.js';

/** What somebody else may have written: here the name of a units file. */
const hostile = '[x](javascript:alert(1)) <img src=x onerror=alert(1)> **now** `b`';

/** What is wrong at the source of a migration from its first read on, and what its page then says. */
const broken = {
  'refused-key': {
    fault: (path: string): Fault | undefined =>
      path.startsWith('/prodeast') ? { kind: 'refuse', status: 403, code: 'AuthenticationFailed' } : undefined,
    says: [/blocked: account east \(SourceAuth\) since/, 'renew the credential of the account'],
  },
  'azure-away': {
    fault: (): Fault => ({ kind: 'reset' }),
    says: [/waiting: account (east|west) \(SourceNetwork\) since/, 'check the network to the source account'],
  },
} as const;
type Broken = keyof typeof broken;

describe('the page that a printed link opens', () => {
  const own = useProxiedStack();
  const browser = useBrowser();
  const sources: FaultProxy[] = [];
  const links = new Map<string, string>();
  let orders: GeneratedMigration;
  const released = new Flag();

  beforeAll(async () => {
    const { stack, stores } = own;
    const damage = new Map([[3, 'truncated' as const]]);
    const content = { units: 40, bigUnitRawBytes: 0, damage };
    orders = await generateMigration(stack, 'orders', content, stores.endpoints);
    stores.target.plan = endsOrHolds(released);
    const azure = new URL(azureService(stack, 'prodeast').url).origin;
    const fails = (Object.keys(broken) as Broken[]).map(async (name) => {
      const source = await startFaultProxy({ upstream: azure, kindOf: sourceRequestKind });
      sources.push(source);
      source.plan = fromFirst('read blob', ({ path }) => broken[name].fault(path));
      return withFewUnits(orders, name, 16, behind(source));
    });
    const all = [
      await withFewUnits(orders, 'finished', 2),
      orders,
      await withFewUnits(orders, 's3-away', 16),
      ...(await Promise.all(fails)),
    ];
    await Promise.all(all.map((migration) => start(migration)));
  }, 300_000);
  afterAll(() => Promise.all(sources.map((source) => source.close())));

  async function start({ name, migrationPath }: GeneratedMigration): Promise<void> {
    const started = await runLonghaul(['start', migrationPath], own.stack.environment);
    expect(started.exitCode, started.stderr).toBe(0);
    links.set(name, printedLink(started.stdout));
  }

  /** Changes a migration file so that only its source is behind a proxy, and that is this one. */
  const behind = (source: FaultProxy) => (text: string) =>
    text.replaceAll(own.stores.source.url, source.url).replace(own.stores.target.url, own.stack.s3Endpoint);

  /** A migration of the first units of another. */
  async function withFewUnits(
    from: GeneratedMigration,
    name: string,
    units: number,
    change: (text: string) => string = (text) => text,
  ): Promise<GeneratedMigration> {
    const lines = (await readFile(from.unitsPath, 'utf8')).split('\n').slice(0, units + 1);
    const file = name === 'refused-key' ? `${hostile}.csv` : `${name}.csv`;
    await writeFile(join(from.directory, file), `${lines.join('\n')}\n`);
    return repeatMigration(own.stack, from, name, (text) => change(text.replace('units.csv', JSON.stringify(file))));
  }

  const open = async (name: string) => (await browser.openPage(links.get(name) ?? '', { height: 1_100 })).page;
  /** Waits until a page shows something, and has it look again, as its reader would. */
  const see = (page: Page, ...wanted: readonly (string | RegExp)[]) =>
    seeOnPage(page, wanted, { again: () => page.keyboard.press('r'), patienceMs: 100_000 });

  const picture = (page: Page, name: string, ...wanted: readonly (string | RegExp)[]) =>
    takePicture(page, name, { height: 1_240, ready: () => see(page, ...wanted) });
  /** Waits until Temporal has closed a migration, which is a moment after its details say so. */
  const pictureOfEnded = (page: Page, name: string, migration: string) =>
    takePicture(page, name, {
      height: 1_240,
      async ready() {
        await runLonghaul(['watch', migration], own.stack.environment);
        await page.reload();
        await see(page, 'completed');
      },
    });

  it('shows a finished migration with its figures', async () => {
    const page = await open('finished');
    const text = await see(page, /completed since .*: 2 of 2 units \(100\.0 %\), 0 failed/, '2 units done, 0 empty');
    expect(text).toContain('on average');
    expect(text).toContain('2 units to s3://finished-bucket, round 0');
    await pictureOfEnded(page, 'web-ui-finished', 'finished');
  });

  it('shows how far a running migration is, how fast, and when it ends', async () => {
    const page = await open('orders');
    const text = await see(page, /running since .*: \d+ of 40 units/, 'on average', 'ends about');
    expect(text).toMatch(/orders moves 40 units of units\.csv in round 0\./);
    expect(text).toMatch(/ledger: s3:\/\/orders-bucket\/\.longhaul\/orders\/r0000\/ledger\//);
    await picture(page, 'web-ui-running', 'on average', 'ends about');
  });

  it('says what is wrong with a store or a credential, since when, and what to do', async () => {
    const wanted: [string, readonly (string | RegExp)[]][] = [
      ...Object.entries(broken).map(([name, { says }]): [string, typeof says] => [name, says]),
      [
        's3-away',
        [/(waiting|blocked): target s3-away-bucket \(TargetNetwork\) since/, 'check the network to the target'],
      ],
    ];
    await Promise.all(wanted.map(async ([name, texts]) => see(await open(name), ...texts)));
  });

  it('shows what others have written as they have written it: no link, no picture, nothing in bold', async () => {
    const page = await open('refused-key');
    await see(page, `16 units of ${hostile}.csv in round 0`);
    expect(await countInFrames(page, 'img, a[href^="javascript"], script')).toBe(0);
    expect(await countInFrames(page, 'strong:has-text("now")')).toBe(0);
  });

  it('pauses, speeds up and resumes a migration: its updates say what they do', async () => {
    const page = await open('orders');
    await see(page, 'running since');
    const offered = await sendUpdate(page, 'pause', '{"mode": "now"}');
    expect(offered.join('\n')).toMatch(/pause Pauses the migration.*\nresume Resumes .*\ntune Changes /);
    const text = await see(page, /paused since .*: \d+ of 40 units/, 'longhaul resume orders');
    expect(text).not.toContain('ends about');
    await picture(page, 'web-ui-paused', 'paused since');
    released.raise();
    await sendUpdate(page, 'resume');
    await see(page, /completed-with-failures since .*: 40 of 40 units \(100\.0 %\), 1 failed/);
    await see(page, 'failed with CorruptInput/Truncated: 1. Next: the blob ends too early');
    await pictureOfEnded(page, 'web-ui-failures', 'orders');
  });

  it('shows a partition after its end, with its figures and the whole key of its ledger', async () => {
    const [root = ''] = (links.get('orders') ?? '').split(/\/[^/]+\/user-metadata$/);
    const { page } = await browser.openPage(`${root}${encodeURIComponent('/r0000/p0000')}`);
    // The timeline: the slices are named by their units.
    await seeOnPage(page, [/moveSlice • units \d+–\d+/]);
    await page.getByText('User Metadata').first().click();
    await see(page, 'p0000: units 0–31', /completed: 32 of 32 units \(100\.0 %\), 1 failed/, '4 of 4 slices complete');
    await see(page, 's3://orders-bucket/.longhaul/orders/r0000/ledger/p0000/');
  });

  it('lists the migrations without their partitions, with columns that say how far they are', async () => {
    const listed = await runLonghaul(['list'], own.stack.environment);
    const { page } = await browser.openPage(printedLink(listed.stdout));
    await seeOnPage(
      page,
      ['Migrations', ...links.keys()].map((name) => new RegExp(`\\b${name}\\b`)),
    );
    // What a reader chooses under "Configure columns"; the Web UI keeps it in the browser, and no link can.
    const columns = ['Status', 'Workflow ID', 'LonghaulPhase', 'LonghaulDone', 'LonghaulFailed', 'LonghaulTotal'];
    const kept = JSON.stringify({ default: columns.map((label) => ({ label })) });
    await page.evaluate(`localStorage.setItem('namespace-workflow-table-columns', ${JSON.stringify(kept)})`);
    await page.reload();
    const text = await seeOnPage(page, [
      /migration\/orders completed-with-failures 39 1 40/,
      /azure-away running 0 0 16/,
    ]);
    expect(text).toContain('LonghaulPhase LonghaulDone LonghaulFailed LonghaulTotal');
    expect(text).not.toContain('/r0000/p0000');
    await takePicture(page, 'web-ui-list', {
      ...{ width: 1_500, height: 640 },
      ready: () => seeOnPage(page, [/migration\/orders completed-with-failures 39 1 40/]),
    });
  });

  it('shows the same after Temporal was killed and started again', async () => {
    const { stack } = own;
    process.kill(await partPid(stack, 'temporal'), 'SIGKILL');
    await bringUpAgain(stack);
    await see(await open('azure-away'), /waiting: account (east|west) \(SourceNetwork\) since/);
  });

  it('says what to do when no worker answers, and shows no old figures', async () => {
    killWorker(await partPid(own.stack, 'workers'));
    const page = await open('azure-away');
    const text = await see(page, 'If there are no current details, no worker answers: start longhaul-worker with');
    expect(text).not.toContain('Figures of');
    await picture(page, 'web-ui-no-workers', 'If there are no current details');
    await bringUpAgain(own.stack);
    await see(page, 'Figures of');
  });
});

/** Passes everything on until the first request of a kind, and from then on does what is said. */
function fromFirst(kind: ProxiedRequest['kind'], fault: (request: ProxiedRequest) => Fault | undefined) {
  let hasBegun = false;
  return (request: ProxiedRequest): Fault | undefined => {
    hasBegun ||= request.kind === kind;
    return hasBegun ? fault(request) : undefined;
  };
}

/** Holds all but the first objects of `orders` until they are released, and lets S3 end at the first of `s3-away`. */
function endsOrHolds(released: Flag) {
  let stored = 0;
  const away = fromFirst('put object', () => ({ kind: 'reset' }));
  return (request: ProxiedRequest): Fault | undefined => {
    if (request.path.startsWith('/s3-away-bucket')) return away(request);
    if (request.kind !== 'put object' || !request.path.startsWith('/orders-bucket/units')) return undefined;
    stored += 1;
    return stored <= 20 ? undefined : { kind: 'hold', until: released.raised };
  };
}
