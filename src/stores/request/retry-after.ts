// A store that needs longer than this is out of order, and the caller wants to look again: a hostile header must not
// stop a unit for days.
const retryAfterMaxMs = 60_000;

/**
 * Returns how long a header `Retry-After` asks to wait, in milliseconds and at most a minute. It holds seconds or a
 * date; undefined for anything else and for no header.
 */
export function retryAfterMs(header: string | undefined, nowMs: number = Date.now()): number | undefined {
  const text = header?.trim() ?? '';
  const askedMs = /^\d{1,12}$/.test(text) ? Number(text) * 1_000 : dateMs(text) - nowMs;
  return Number.isNaN(askedMs) ? undefined : Math.min(Math.max(askedMs, 0), retryAfterMaxMs);
}

// An HTTP date begins with a day of the week; Date.parse would accept almost anything.
function dateMs(text: string): number {
  return /^[A-Z][a-z]{2,8}, /.test(text) ? Date.parse(text) : Number.NaN;
}
