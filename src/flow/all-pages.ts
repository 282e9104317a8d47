import { Failure } from '../domain/failure.js';
import { tryAgain } from './try-again.js';

/** A page of a listing; `next` asks for the page after it and is absent on the last. */
interface Page {
  readonly next?: string;
}

/**
 * Yields the pages of a listing of a target; repeats each request while its failures may pass. Fails if the store
 * returns to an earlier page: a listing must end. `what` names the listing in that failure.
 */
export async function* allPages<P extends Page>(
  ask: (after: string | undefined) => Promise<P>,
  what: string,
  signal: AbortSignal,
): AsyncGenerator<P> {
  let after: string | undefined;
  // One earlier page is remembered, each time for twice as many pages, so that a cycle of any length is noticed.
  let remembered: string | undefined;
  for (let pages = 1, rememberAt = 1; ; pages += 1) {
    const from = after;
    const page = await tryAgain(() => ask(from), signal);
    yield page;
    after = page.next;
    if (after === undefined) return;
    if (after === remembered)
      throw new Failure('TargetUnknownOutcome', `${what}: the store returns the same pages again and again`);
    if (pages < rememberAt) continue;
    remembered = after;
    rememberAt = 2 * pages;
  }
}
