import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/identity';
import { tokenFailure } from './token-failure.js';

// Before the SDK's own pipelines, which ask 2 minutes before the end.
const renewBeforeEndMs = 5 * 60_000;
// One for each tenant that an account names; more than a process has accounts in.
const tokensMax = 64;

/**
 * Returns a credential that holds the token of another one, so that all who share it cause one request. Those who ask
 * meanwhile wait for the same answer. A failure is not held, and a challenge with claims gets a token of its own.
 * Rejects with `TokenEndpointDown` where waiting may help, else with the credential's own error.
 */
export function sharedToken(credential: TokenCredential, now: () => number = Date.now): TokenCredential {
  const held = new Map<string, AccessToken>();
  const asking = new Map<string, Promise<AccessToken | null>>();
  let hadToken = false;

  return {
    getToken: async (scopes, options = {}) => {
      if (options.claims !== undefined) return await fetch(scopes, options);
      const key = JSON.stringify([scopes, options.tenantId]);
      const token = held.get(key);
      if (token !== undefined && now() < renewAtMs(token)) return token;
      const answer = asking.get(key) ?? ask(key, scopes, options);
      return await answer;
    },
  };

  function ask(key: string, scopes: string | string[], options: GetTokenOptions): Promise<AccessToken | null> {
    // Without the signal of whoever asks first: the others still want the answer.
    const { abortSignal: _abortSignal, ...shared } = options;
    const answer = fetch(scopes, shared)
      .then((token) => {
        if (held.size >= tokensMax) held.clear();
        if (token !== null) held.set(key, token);
        return token;
      })
      .finally(() => asking.delete(key));
    asking.set(key, answer);
    return answer;
  }

  async function fetch(scopes: string | string[], options: GetTokenOptions): Promise<AccessToken | null> {
    try {
      const token = await credential.getToken(scopes, options);
      hadToken ||= token !== null;
      return token;
    } catch (error) {
      throw tokenFailure(error, hadToken);
    }
  }
}

function renewAtMs({ expiresOnTimestamp, refreshAfterTimestamp = Infinity }: AccessToken): number {
  return Math.min(expiresOnTimestamp - renewBeforeEndMs, refreshAfterTimestamp);
}
