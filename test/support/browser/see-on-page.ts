import { setTimeout as wait } from 'node:timers/promises';
import type { Frame, Page } from 'playwright-core';

/**
 * Waits until a page shows all of these texts, and returns everything that it shows. What counts is what a reader sees:
 * the inner text, with every run of spaces and line breaks as one space. `again` is called before each new look at a
 * page that does not keep itself up to date.
 */
export async function seeOnPage(
  page: Page,
  wanted: readonly (string | RegExp)[],
  { patienceMs = 30_000, again = () => Promise.resolve() }: SeeOptions = {},
): Promise<string> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const text = await visibleText(page);
    const missing = wanted.filter((each) => (typeof each === 'string' ? !text.includes(each) : !each.test(text)));
    if (missing.length === 0) return text;
    if (performance.now() > deadline) {
      throw new Error(`${page.url()} does not show ${missing.map(String).join(', ')}. It shows:\n${text}`);
    }
    await wait(pollMs);
    await again();
  }
}

export interface SeeOptions {
  readonly patienceMs?: number;
  readonly again?: () => Promise<unknown>;
}

/** Returns what a reader sees on a page and in its frames, on one line. */
async function visibleText(page: Page): Promise<string> {
  const texts = await Promise.all(page.frames().map(textOf));
  return texts.join(' ').replaceAll(/\s+/g, ' ');
}

/** Counts the elements of a page's frames, without the page around them, that a selector names. */
export async function countInFrames(page: Page, selector: string): Promise<number> {
  const [, ...frames] = page.frames();
  const counts = await Promise.all(
    frames.map((frame) => unlessReplaced(frame, () => frame.locator(selector).count(), undefined)),
  );
  const count = counts.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  return counts.includes(undefined) ? countInFrames(page, selector) : count;
}

function textOf(frame: Frame): Promise<string> {
  return unlessReplaced(frame, () => frame.locator('body').innerText(), '');
}

/** Looks at a frame; returns `otherwise` if the page has put another one in its place, which the next look finds. */
async function unlessReplaced<T, Otherwise>(
  frame: Frame,
  look: () => Promise<T>,
  otherwise: Otherwise,
): Promise<T | Otherwise> {
  try {
    return await look();
  } catch (error) {
    if (frame.isDetached()) return otherwise;
    throw error;
  }
}

const pollMs = 200;
