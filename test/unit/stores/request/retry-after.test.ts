import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../../../src/stores/request/retry-after.js';

const now = Date.parse('Fri, 27 Nov 2026 10:00:00 GMT');

describe('the time that a server asks to wait', () => {
  it.each([
    ['7', 7_000],
    ['0', 0],
    ['60', 60_000],
    ['Fri, 27 Nov 2026 10:00:30 GMT', 30_000],
    ['Fri, 27 Nov 2026 09:00:00 GMT', 0],
  ])('is read from %j', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });

  it.each(['864000', '999999999999', 'Sat, 01 Jan 2033 00:00:00 GMT'])('is at most a minute: %j', (header) => {
    expect(retryAfterMs(header, now)).toBe(60_000);
  });

  it.each([undefined, '', 'soon', '-5', '1e9', '9'.repeat(20)])('is unknown when the header holds %j', (header) => {
    expect(retryAfterMs(header, now)).toBeUndefined();
  });
});
