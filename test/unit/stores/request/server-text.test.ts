import { describe, expect, it } from 'vitest';
import { serverText, serverWord } from '../../../../src/stores/request/server-text.js';

describe('a text for messages', () => {
  it.each([
    [
      'GET https://a.blob.core.windows.net/c/b?sv=1&sig=hidden%3D failed',
      'GET https://a.blob.core.windows.net/c/b failed',
    ],
    ['connect to http://user:hidden@proxy:3128 failed', 'connect to http://proxy:3128 failed'],
    ['sv=1&sig=hidden&sp=r', 'sv=1&sig=[redacted]&sp=r'],
    ['AccountName=x;AccountKey=hidden==;y', 'AccountName=x;AccountKey=[redacted];y'],
    ['Authorization: SharedKey account:hidden', 'Authorization: SharedKey [redacted]'],
    ['Bearer hidden.token.value', 'Bearer [redacted]'],
    ['AWS4-HMAC-SHA256 Credential=hidden, Signature=hidden', 'AWS4-HMAC-SHA256 [redacted]'],
    [`key ${Buffer.alloc(64, 'h').toString('base64')}`, 'key [redacted]'],
    ['first line\nsecond with hidden', 'first line'],
    ['connect ECONNREFUSED 127.0.0.1:8333', 'connect ECONNREFUSED 127.0.0.1:8333'],
  ])('%j becomes %j', (text, clean) => {
    expect(serverText(text)).toBe(clean);
  });

  it('is never long', () => {
    expect(serverText('word '.repeat(1_000)).length).toBeLessThan(310);
  });
});

describe('a code or an id that a server names', () => {
  it.each(['ServerBusy', 'KMS.DisabledException', '0A1B-2c=/+', undefined])('is kept: %j', (text) => {
    expect(serverWord(text)).toBe(text);
  });

  it.each(['two words', 'a\u001B[31mred', 'Größe', 'x'.repeat(101), ''])(
    'is dropped when it is not a short word: %j',
    (text) => {
      expect(serverWord(text)).toBeUndefined();
    },
  );
});
