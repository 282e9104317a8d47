import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCredential } from '../../../../src/env.js';
import type { ScriptedRequest } from '../../../support/servers/scripted-server.js';
import { drain, failureOf } from '../failure-of.js';
import { blob, body, head, refuse, running, ScriptedAzure } from './scripted-azure.js';

const variable = 'LONGHAUL_CREDENTIAL_AZURE_EAST_FILE';
const keys = ['first', 'second'].map((name) => Buffer.alloc(64, name).toString('base64'));
const [firstKey = '', secondKey = ''] = keys;

/** A form in which a file holds a credential, and how a server tells that a request was made with it. */
interface Held {
  readonly title: string;
  readonly text: (endpoint: string) => string;
  readonly signed: (request: ScriptedRequest) => boolean;
}

const keyed = (title: string, key: string, text: (endpoint: string) => string): Held => ({
  ...{ title, text },
  signed: (request) => request.headers.authorization === `SharedKey prodeast:${signature(request, key)}`,
});
const tokened = (title: string, mark: string, text: (token: string) => string): Held => ({
  ...{ title, text: () => text(`sv=2024-05-04&sp=rl&sig=${mark}`) },
  signed: ({ url }) => url.includes(`sig=${mark}`),
});
const connection = (key: string) => (endpoint: string) =>
  `DefaultEndpointsProtocol=http;AccountName=prodeast;AccountKey=${key};BlobEndpoint=${endpoint};`;

const forms: readonly (readonly [before: Held, after: Held])[] = [
  [keyed('an account key', firstKey, () => firstKey), keyed('another key', secondKey, () => secondKey)],
  [tokened('a SAS token', 'Zmlyc3Q', (token) => token), tokened('another token', 'c2Vjb25k', (token) => `?${token}`)],
  [
    keyed('a connection string with a key', firstKey, connection(firstKey)),
    keyed('another one', secondKey, connection(secondKey)),
  ],
  [
    tokened('a connection string with a token', 'Zmlyc3Q', (token) => `SharedAccessSignature=${token}`),
    tokened('another one', 'c2Vjb25k', (token) => `SharedAccessSignature=${token}`),
  ],
  [keyed('an account key', firstKey, () => firstKey), tokened('a SAS token', 'c2Vjb25k', (token) => token)],
];

let azure: ScriptedAzure;
let folder: string;

describe.each(['lean', 'sdk'] as const)('over the HTTP client %s', (http) => {
  beforeEach(async () => {
    azure = await ScriptedAzure.start(http);
    folder = mkdtempSync(join(tmpdir(), 'longhaul-credential-'));
  });
  afterEach(async () => {
    await azure.close();
    rmSync(folder, { recursive: true });
  });

  describe.each(forms)('a file with $title', (before, after) => {
    it.each([401, 403])(`is read again after a %i, and used when it holds ${after.title}`, async (status) => {
      const { source, rotate, endpoint } = fromFile();
      rotate(before.text(endpoint));
      let valid = before;
      azure.server.script = (request, response) => {
        if (!valid.signed(request)) {
          refuse(response, status, 'AuthenticationFailed');
          return;
        }
        head(response);
        response.end(body);
      };
      expect(await drain(source.open(blob, running))).toHaveLength(body.length);
      valid = after;
      const failure = await failureOf(drain(source.open(blob, running)));
      expect(failure).toMatchObject({ what: 'account east', row: { blocks: true, scope: 'account' } });
      expect(azure.server.requests).toHaveLength(2);
      rotate(after.text(endpoint));
      expect(await drain(source.open(blob, running))).toHaveLength(body.length);
      expect(azure.server.requests).toHaveLength(4);
      source.close();
    });
  });

  describe('a file that is written while it is read', () => {
    it.each(['', 'c2h', 'sv=2024-05-04&sp=rl'])('blocks the account while it holds %j, and no longer', async (part) => {
      const { source, rotate } = fromFile();
      rotate(part);
      expect(await failureOf(source.head(blob, running))).toMatchObject({
        what: 'account east',
        row: { blocks: true },
      });
      rotate(firstKey);
      azure.answerWhole();
      expect(await drain(source.open(blob, running))).toHaveLength(body.length);
      source.close();
    });
  });
});

function fromFile() {
  const path = join(folder, 'credential');
  const endpoint = `${azure.server.url}/prodeast`;
  const credentials = (name: string) => readCredential({ variables: { [variable]: path } }, name);
  const source = azure.open({ credentials }, endpoint);
  return { source, endpoint, rotate: (text: string) => writeFileSync(path, `${text}\n`) };
}

/** Returns the signature that Azure expects of a GET, by its documentation of "Shared Key". */
function signature({ method, url, headers }: ScriptedRequest, key: string): string {
  const { pathname, searchParams } = new URL(url, 'http://account');
  const standard = [
    ...['content-encoding', 'content-language', 'content-length', 'content-md5', 'content-type', 'date'],
    ...['if-modified-since', 'if-match', 'if-none-match', 'if-unmodified-since', 'range'],
  ].map((name) => headers[name] ?? '');
  const own = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-ms-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${String(value)}`);
  const query = [...searchParams].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `\n${name}:${value}`);
  const text = [method, ...standard, ...own, `/prodeast${pathname}${query.join('')}`].join('\n');
  return createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64');
}
