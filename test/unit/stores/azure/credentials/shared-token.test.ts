import type { AccessToken, GetTokenOptions } from '@azure/identity';
import { beforeEach, describe, expect, it } from 'vitest';
import { sharedToken } from '../../../../../src/stores/azure/credentials/shared-token.js';

const scope = 'https://storage.azure.com/.default';
const hourMs = 3_600_000;

let nowMs: number;
let asked: GetTokenOptions[];
let answer: () => Promise<AccessToken>;
let shared: ReturnType<typeof sharedToken>;

beforeEach(() => {
  nowMs = 0;
  asked = [];
  answer = async () => ({ token: `token ${String(asked.length)}`, expiresOnTimestamp: nowMs + hourMs });
  const credential = {
    getToken: (_scopes: string | string[], options: GetTokenOptions = {}) => {
      asked.push(options);
      return answer();
    },
  };
  shared = sharedToken(credential, () => nowMs);
});

describe('a token that many share', () => {
  it('is asked for once by all who want it at the same time, and later ones', async () => {
    const tokens = await Promise.all([shared.getToken(scope), shared.getToken(scope)]);
    expect([...tokens, await shared.getToken(scope)].map((each) => each?.token)).toEqual(Array(3).fill('token 1'));
  });

  it('is asked for again five minutes before it ends, or when it says so', async () => {
    await shared.getToken(scope);
    nowMs = hourMs - 5 * 60_000 - 1;
    expect((await shared.getToken(scope))?.token).toBe('token 1');
    nowMs += 1;
    answer = async () => ({ token: 'short', expiresOnTimestamp: nowMs + hourMs, refreshAfterTimestamp: nowMs + 10 });
    expect((await shared.getToken(scope))?.token).toBe('short');
    nowMs += 10;
    await shared.getToken(scope);
    expect(asked).toHaveLength(3);
  });

  it('is not withheld from others by one who no longer wants it, nor by a failure', async () => {
    answer = async () => Promise.reject(new Error('429'));
    await expect(shared.getToken(scope, { abortSignal: AbortSignal.abort() })).rejects.toThrow('429');
    expect(asked).toEqual([{}]);
    answer = async () => ({ token: 'second', expiresOnTimestamp: hourMs });
    expect((await shared.getToken(scope))?.token).toBe('second');
  });

  it('is another one for another tenant, and for each challenge with claims', async () => {
    for (const options of [{}, { tenantId: 'other' }, { tenantId: 'other' }, { claims: 'c' }, { claims: 'c' }])
      await shared.getToken(scope, options);
    expect(asked).toEqual([{}, { tenantId: 'other' }, { claims: 'c' }, { claims: 'c' }]);
  });
});
