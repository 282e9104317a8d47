import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportDocument } from '../../src/commands/report/report-document.js';
import type { PlanDocument } from '../../src/commands/verbs/plan/plan-document.js';
import { planPage } from '../../src/commands/verbs/plan/plan-page.js';
import { takePicture } from '../support/browser/take-picture.js';
import { useBrowser, type View } from '../support/browser/use-browser.js';
import { runOverRounds } from '../unit/commands/run-over-rounds.js';
import { sampleRounds, sampleTime } from '../unit/commands/report/sample-rounds.js';

const require = createRequire(import.meta.url);
const browser = useBrowser();

describe('the page of a report', () => {
  let folder: string;
  let url: string;
  let report: ReportDocument;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longhaul-report-'));
    const run = (...args: string[]) =>
      runOverRounds(sampleRounds(2_000), ['report', 'orders', ...args], undefined, { ...sampleTime, units: 2_000 });
    await writeFile(join(folder, 'report.html'), (await run()).out);
    report = JSON.parse((await run('--json')).out) as ReportDocument;
    url = pathToFileURL(join(folder, 'report.html')).href;
  });
  afterAll(() => rm(folder, { recursive: true }));

  const open = (view?: View) => openFile(url, view);

  it('opens from a file, asks for nothing else, and runs nothing that a name contains', async () => {
    const { page, strayRequests, complaints, requests } = await open();
    expect(await page.locator('body').innerText()).toContain('<img src=x onerror=alert(1)>');
    expect(await page.locator('img').count()).toBe(0);
    expect(requests).toEqual([url]);
    expect(strayRequests).toEqual([]);
    expect(complaints).toEqual([]);
    await takePicture(page, 'report', { height: 900 });
    await takePicture(page, 'report-charts', { height: 1_100, from: '#throughput' });
  });

  it('shows the figures of the JSON document', async () => {
    const { page } = await open();
    const shown = await page
      .locator('[data-figure]')
      .evaluateAll((all) => all.map((each) => [each.getAttribute('data-figure'), each.getAttribute('value')]));
    expect(shown.length).toBeGreaterThan(40);
    for (const [path = '', value] of shown) {
      const figure = figureAt(report, path ?? '');
      expect(`${path ?? ''} ${value ?? ''}`).toBe(`${path ?? ''} ${String(figure)}`);
    }
  });

  it.each(['light', 'dark'] as const)(
    'is accessible, also to those who see little, in %s colours',
    async (colorScheme) => {
      const { page } = await open({ colorScheme });
      await page.locator('summary').first().click();
      const violations = await axeViolations(page);
      expect(violations).toEqual([]);
    },
  );

  it('fits a phone: only tables scroll sideways, and charts are drawn for its width', async () => {
    const { page } = await open({ width: 360, height: 740 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(await page.locator('.chart svg.narrow').first().isVisible()).toBe(true);
    expect(await page.locator('.chart svg.wide').first().isVisible()).toBe(false);
    expect(await axeViolations(page)).toEqual([]);
  });

  it('prints dark ink on white, with its charts, and cuts no table', async () => {
    const { page } = await open({ colorScheme: 'dark', width: 740 });
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.locator('.chart svg.wide').first().isVisible()).toBe(true);
    expect(await page.locator('details').first().isVisible()).toBe(false);
    const cut = await page.evaluate(
      `[...document.querySelectorAll('table')]
        .filter((table) => table.scrollWidth > document.documentElement.clientWidth).length`,
    );
    expect(cut).toBe(0);
  });
});

describe('the page of a plan', () => {
  let folder: string;
  let url: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longhaul-plan-'));
    await writeFile(join(folder, 'plan.html'), await planPage(await samplePlan()));
    url = pathToFileURL(join(folder, 'plan.html')).href;
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['light', 1_200],
    ['dark', 1_200],
    ['dark', 360],
  ] as const)(
    'has the frame of a report: accessible in %s colours at a width of %d, of one file, with no script',
    async (colorScheme, width) => {
      const { page, requests, complaints } = await openFile(url, { colorScheme, width });
      const text = await page.locator('body').innerText();
      expect(text).toContain(hostileId);
      expect(text).toContain('old/{text}.log');
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await axeViolations(page)).toEqual([]);
      expect({ requests, complaints }).toEqual({ requests: [url], complaints: [] });
    },
  );
});

const hostileId = '<img src=x onerror=alert(1)>';

/** The plan of the golden files, with a hostile id, and with blobs that no unit claims or that several do. */
async function samplePlan(): Promise<PlanDocument> {
  const golden = new URL('../unit/commands/golden/plan/plan.json', import.meta.url);
  const plan = JSON.parse(await readFile(golden, 'utf8')) as PlanDocument;
  const [first] = plan.largest;
  if (first === undefined) throw new Error('the golden plan has no units');
  const amount = { blobs: 1_234, bytes: 5_678_901 };
  return {
    ...plan,
    largest: [{ ...first, id: hostileId, key: `orders/${'long-'.repeat(40)}.gz` }, ...plan.largest],
    unclaimed: {
      ...{
        containers: 2,
        missingContainers: [],
        moreShapes: 0,
        claimed: amount,
        unclaimed: amount,
        twice: amount,
        gone: 4,
        unknownUnits: 1,
      },
      shapes: [{ account: 'east', shape: 'old/{text}.log', first: ['old/a.log', 'old/b.log'], ...amount }],
      firstTwice: [{ blob: 'east/more/both', units: ['unit-0', 'unit-2'] }],
    },
  };
}

/** Opens a page of a file, and notes what the browser complains about. */
async function openFile(url: string, view?: View) {
  const opened = await browser.openPage('about:blank', view);
  const complaints: string[] = [];
  const requests: string[] = [];
  opened.page.on('console', (message) => complaints.push(message.text()));
  opened.page.on('pageerror', (error) => complaints.push(String(error)));
  opened.page.on('request', (request) => requests.push(request.url()));
  await opened.page.goto(url);
  return { ...opened, complaints, requests };
}

function figureAt(report: ReportDocument, path: string): unknown {
  return path.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], report);
}

/** Has axe-core look at a page, and returns what it finds that is serious or worse. */
async function axeViolations(page: Page): Promise<readonly string[]> {
  // The page allows no script. The debugger's protocol runs one all the same.
  await page.evaluate(await axeSource());
  return await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: AxeRunner }).axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

interface AxeRunner {
  run(): Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly html: string }[];
    }[];
  }>;
}

async function axeSource(): Promise<string> {
  const { source } = (await import(require.resolve('axe-core'))) as { readonly source: string };
  return source;
}
