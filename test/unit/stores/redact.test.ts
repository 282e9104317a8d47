import { describe, expect, it } from 'vitest';
import { redact } from '../../../src/stores/request/redact.js';

describe('a text for messages', () => {
  it.each([
    [
      'GET https://a.blob.core.windows.net/c/b?sv=1&sig=hidden%3D failed',
      'GET https://a.blob.core.windows.net/c/b failed',
    ],
    ['sv=1&sig=hidden&sp=r', 'sv=1&[redacted]&sp=r'],
    ['AccountName=x;AccountKey=hidden==;y', 'AccountName=x;[redacted];y'],
    ['Authorization: SharedKey account:hidden', 'Authorization: [redacted]'],
    ['Bearer hidden.token.value', '[redacted]'],
    [`key ${Buffer.alloc(64, 'h').toString('base64')}`, 'key [redacted]'],
    ['first line\nsecond with hidden', 'first line'],
    ['connect ECONNREFUSED 127.0.0.1:8333', 'connect ECONNREFUSED 127.0.0.1:8333'],
  ])('%j becomes %j', (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  it('is never long', () => {
    expect(redact('word '.repeat(1_000)).length).toBeLessThan(310);
  });
});
