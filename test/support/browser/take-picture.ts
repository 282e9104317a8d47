import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const folder = new URL('../../../docs/pictures', import.meta.url).pathname;

/**
 * Draws a page, or the part of it that `selector` names, into `docs/pictures/<name>.png`; only for `npm run pictures`,
 * so that other test runs leave the checkout as it is.
 */
export async function takePicture(page: Page, name: string, selector?: string): Promise<void> {
  if (process.env['LONGHAUL_TEST_PICTURES'] !== '1') return;
  await mkdir(folder, { recursive: true });
  const subject = selector === undefined ? page : page.locator(selector).first();
  await subject.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}
