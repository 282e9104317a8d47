import type { Pool } from 'undici';
import { identityChain } from '../credentials/identity-chain.js';
import type { AzureCredential } from '../credentials/parse-azure-credential.js';
import { exchange, type HttpAnswer, type HttpLimits, type HttpRequest } from '../../http/exchange.js';
import { streamedAnswer, type StreamedAnswer } from '../../http/streamed-answer.js';
import { boundedText } from '../../request/bounded-text.js';
import { withTimeout } from '../../request/idle-scope.js';
import { AzureAnswerError } from './azure-answer-error.js';
import { sharedKeyAuthorization } from './shared-key.js';

/** What to read from an account. */
export interface AzureRead {
  readonly container: string;
  /** Absent for the container itself. */
  readonly blob?: string;
  /** Names in order, without those of a SAS token. */
  readonly query?: readonly (readonly [name: string, value: string])[];
  readonly ifMatch?: string;
  /** How many bytes to skip. */
  readonly offset?: number;
}

/** Reads from one account with one credential, without the SDK. Rejects with {@link AzureAnswerError} if refused. */
export interface AzureAccess {
  /** Returns the whole answer, whose body may have broken off. */
  readonly read: (what: AzureRead, limits: HttpLimits) => Promise<HttpAnswer>;
  /** Returns an answer whose body has yet to be read. */
  readonly stream: (what: AzureRead, signal: AbortSignal) => Promise<StreamedAnswer>;
}

/** The version of the service's protocol that the SDK speaks. */
export const serviceVersion = '2026-04-06';

/** Creates the access to an account. A token of the identity chain must not be sent over plain http. */
export function createAzureAccess(endpoint: URL, credential: AzureCredential, pool: Pool): AzureAccess {
  const authorise = authoriser(credential);
  const base = endpoint.pathname.replace(/\/+$/, '');
  const request = async ({ container, blob, query = [], ifMatch, offset = 0 }: AzureRead): Promise<HttpRequest> => {
    const place = `${base}/${encodeURIComponent(container)}`;
    const path = blob === undefined ? place : `${place}/${escapedName(blob)}`;
    const asked = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    const headers: (readonly [string, string])[] = [['x-ms-date', new Date().toUTCString()]];
    if (offset > 0) headers.push(['x-ms-range', `bytes=${String(offset)}-`]);
    headers.push(['x-ms-version', serviceVersion]);
    const given = authorise({ method: 'GET', path, query, ifMatch, headers });
    const { authorization, token } = given instanceof Promise ? await given : given;
    const search = [asked, token].filter((part) => part !== undefined && part !== '').join('&');
    const sent = ['accept', 'application/xml', ...headers.flat()];
    if (ifMatch !== undefined) sent.push('if-match', ifMatch);
    if (authorization !== undefined) sent.push('authorization', authorization);
    return { method: 'GET', path: search === '' ? path : `${path}?${search}`, headers: sent };
  };
  return {
    async read(what, limits) {
      // A token may take a request of its own.
      const ready = credential.kind === 'identity' ? withTimeout(() => request(what), limits) : request(what);
      const answer = await exchange(pool, await ready, limits);
      if (answer.status < 300) return answer;
      if (answer.broken !== undefined) throw answer.broken.reason;
      throw new AzureAnswerError(answer);
    },
    async stream(what, signal) {
      const answer = await streamedAnswer(pool, await request(what), signal);
      if (answer.status < 300) return answer;
      const text = await boundedText(answer.body as AsyncIterable<Uint8Array>, errorBytesMax);
      throw new AzureAnswerError({ ...answer, pieces: [Buffer.from(text)], broken: undefined });
    },
  };
}

/** Escapes a name as the SDK does. */
function escapedName(name: string): string {
  return name
    .split('/')
    .map((segment) => encodeURIComponent(segment).replaceAll("'", '%27'))
    .join('/');
}

// The text of an error has a few hundred bytes.
const errorBytesMax = 1024 * 1024;

type Authorised = { readonly authorization?: string; readonly token?: string };
type Authorise = (request: Parameters<typeof sharedKeyAuthorization>[1]) => Authorised | Promise<Authorised>;

function authoriser(credential: AzureCredential): Authorise {
  switch (credential.kind) {
    case 'key': {
      const signing = {
        accountName: credential.accountName,
        key: Buffer.from(credential.accountKey.reveal(), 'base64'),
      };
      return (request) => ({ authorization: sharedKeyAuthorization(signing, request) });
    }
    case 'sas':
      return () => ({ token: credential.token.reveal() });
    case 'identity':
      return async () => ({ authorization: `Bearer ${await identityToken()}` });
  }
}

/** Returns the token that all requests of the process share. */
async function identityToken(): Promise<string> {
  const chain = await identityChain();
  const token = await chain.getToken('https://storage.azure.com/.default');
  // The type of a credential allows none; the chain fails instead.
  if (token === null) throw new Error('the Azure identity chain has no token');
  return token.token;
}
