import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportDocument } from '../../src/commands/report/report-document.js';
import { takePicture } from '../support/browser/take-picture.js';
import { useBrowser, type View } from '../support/browser/use-browser.js';
import { runOverRounds } from '../unit/commands/run-over-rounds.js';
import { sampleRounds, sampleTime } from '../unit/commands/report/sample-rounds.js';

const require = createRequire(import.meta.url);

describe('the page of a report', () => {
  const browser = useBrowser();
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

  /** Opens the page, and notes what the browser complains about. */
  async function open(view?: View) {
    const opened = await browser.openPage('about:blank', view);
    const complaints: string[] = [];
    const requests: string[] = [];
    opened.page.on('console', (message) => complaints.push(message.text()));
    opened.page.on('pageerror', (error) => complaints.push(String(error)));
    opened.page.on('request', (request) => requests.push(request.url()));
    await opened.page.goto(url);
    return { ...opened, complaints, requests };
  }

  it('opens from a file, asks for nothing else, and runs nothing that a name contains', async () => {
    const { page, strayRequests, complaints, requests } = await open();
    expect(await page.locator('body').innerText()).toContain('<img src=x onerror=alert(1)>');
    expect(await page.locator('img').count()).toBe(0);
    expect(requests).toEqual([url]);
    expect(strayRequests).toEqual([]);
    expect(complaints).toEqual([]);
    await takePicture(page, 'report');
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
