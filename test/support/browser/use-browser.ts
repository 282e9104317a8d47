import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { findBrowser } from '../../../scripts/lib/find-browser.mjs';

/** How a page is looked at. */
export interface View {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** A browser for the tests of a file. */
export interface TestBrowser {
  /**
   * Opens a page in a context of its own: nothing is remembered from one to the next. Only this machine can be reached,
   * and every request that would leave it is in `strayRequests`.
   */
  openPage(url: string, view?: View): Promise<OpenedPage>;
}

export interface OpenedPage {
  readonly page: Page;
  readonly strayRequests: readonly string[];
}

/** Starts a browser before the tests of a file and ends it after them. Fails where none is found. */
export function useBrowser(): TestBrowser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    const executablePath = findBrowser(process.env);
    if (executablePath === undefined) {
      throw new Error('found no browser: install chromium, or set CHROME_PATH to the path of a Chromium');
    }
    // Without its sandbox, which root cannot have: only pages of this machine are opened.
    browser = await chromium.launch({ executablePath, chromiumSandbox: false });
  });
  afterAll(() => browser?.close());
  return {
    async openPage(url, { width = 1200, height = 800, colorScheme = 'light' } = {}) {
      if (browser === undefined) throw new Error('the browser has not been started');
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
      const strayRequests = await refuseStrays(context);
      const page = await context.newPage();
      await page.goto(url);
      return { page, strayRequests };
    },
  };
}

/** Like {@link useBrowser}, for a tier that tests something even where no browser is found: then returns undefined. */
export function useBrowserWhereFound(): TestBrowser | undefined {
  return findBrowser(process.env) === undefined ? undefined : useBrowser();
}

async function refuseStrays(context: BrowserContext): Promise<readonly string[]> {
  const refused: string[] = [];
  await context.route(isStray, async (route) => {
    refused.push(route.request().url());
    await route.abort();
  });
  return refused;
}

function isStray({ protocol, hostname }: URL): boolean {
  return /^(https?|wss?):$/.test(protocol) && hostname !== '127.0.0.1' && hostname !== 'localhost';
}
