import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const folder = new URL('../../../docs/pictures', import.meta.url).pathname;

/** What a picture shows. */
export interface Picture {
  readonly width?: number;
  readonly height: number;
  /** What is at the top; by default, the beginning of the page. */
  readonly from?: string;
  /** Waits until the page shows what the picture is for, after it was opened anew. */
  readonly ready?: () => Promise<unknown>;
}

/**
 * Opens a page anew and draws it into `docs/pictures/<name>.png`; only for `npm run pictures`, so that other test runs
 * leave the checkout as it is.
 */
export async function takePicture(page: Page, name: string, picture: Picture): Promise<void> {
  if (process.env['LONGHAUL_TEST_PICTURES'] !== '1') return;
  const { width = 1200, height, from, ready } = picture;
  await mkdir(folder, { recursive: true });
  await page.setViewportSize({ width, height });
  await page.reload();
  await ready?.();
  if (from !== undefined) await page.evaluate(`document.querySelector(${JSON.stringify(from)}).scrollIntoView()`);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}
