import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TargetDefinition } from '../../../../../src/domain/definition.js';
import type { ObjectTarget } from '../../../../../src/pipeline/publish/object-target.js';
import { SignV4 } from '../../../../../src/stores/s3/lean/sign-v4.js';
import { createS3ControlStore } from '../../../../../src/stores/s3/s3-control-store.js';
import { createS3Target } from '../../../../../src/stores/s3/s3-target.js';
import { crc32Base64 } from '../../../../support/fakes/memory-object-target.js';
import { smallDefinition } from '../../../../support/fakes/memory-migration.js';
import { type ScriptedServer, startScriptedServer } from '../../../../support/servers/scripted-server.js';

const running = new AbortController().signal;
const body = Buffer.from('an object');
const crc32 = crc32Base64(body);
const odd = '2024/ä b+c%41/🚀&=?#\'()*!~[]{}^|"<>,;:@$/.x';

type Seen = ScriptedServer['requests'][number];

let server: ScriptedServer;

beforeAll(async () => {
  server = await startScriptedServer();
  server.script = (_request, response) => response.writeHead(200, { etag: '"e"' }).end();
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDTEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

const everything: Partial<TargetDefinition> = {
  storageClass: 'STANDARD_IA',
  contentEncoding: 'gzip',
  encryption: { type: 'aws:kms', keyId: 'alias/archive', bucketKey: true },
  tags: { team: 'data + more', 'a/b': 'c=d' },
  metadata: { Origin: 'azure  blob', empty: '' },
};
const put =
  (key: string, condition: Parameters<ObjectTarget['put']>[0]['condition']) =>
  (target: ObjectTarget): Promise<unknown> =>
    target.put({ key, body, crc32, metadata: { 'longhaul-unit': 'abc' }, condition }, running);

const writes: readonly (readonly [string, Partial<TargetDefinition>, (target: ObjectTarget) => Promise<unknown>])[] = [
  ['an object', {}, put('orders/1.json.gz', { kind: 'absent' })],
  ['an object in place of another', {}, put('orders/1.json.gz', { kind: 'etag', etag: '"e0"' })],
  ['an object without a condition', {}, put('orders/1.json.gz', { kind: 'none' })],
  ['an object with every setting', everything, put('orders/1.json.gz', { kind: 'absent' })],
  ['an object whose key has all kinds of characters', {}, put(odd, { kind: 'absent' })],
  ['an object in another region', { region: 'eu-central-1' }, put('orders/1.json.gz', { kind: 'absent' })],
  [
    'a part',
    everything,
    (target) => target.uploadPart({ key: odd, uploadId: 'a+b/c=d~e', number: 12, body, crc32 }, running),
  ],
];

describe('a write of our own', () => {
  it.each(writes)('of %s is that of the SDK, and signed as the SDK signs it', async (_what, changes, write) => {
    const ours = await sent('lean', changes, write);
    const theirs = await sent('sdk', changes, write);
    expect(isOfSdk(ours)).toBe(false);
    expect(isOfSdk(theirs)).toBe(true);
    expect(meaning(ours)).toEqual(meaning(theirs));
    // The SDK's other headers and date are signed with our code: the result must be the SDK's own signature.
    expect(authorizationOf(theirs, changes.region)).toBe(theirs.headers.authorization);
    expect(authorizationOf(ours, changes.region)).toBe(ours.headers.authorization);
  });

  it('names the session of a credential that has one, as the SDK does', async () => {
    vi.stubEnv('AWS_SESSION_TOKEN', 'token of the session');
    const write = put('a', { kind: 'absent' });
    const [ours, theirs] = [await sent('lean', {}, write), await sent('sdk', {}, write)];
    vi.stubEnv('AWS_SESSION_TOKEN', undefined);
    expect(ours.headers['x-amz-security-token']).toBe('token of the session');
    expect(meaning(ours)).toEqual(meaning(theirs));
    expect(authorizationOf(ours)).toBe(ours.headers.authorization);
  });

  it('of a control object is that of the SDK', async () => {
    const seen = [];
    for (const http of ['lean', 'sdk'] as const) {
      const connection = { endpoint: server.url, forcePathStyle: true };
      const store = createS3ControlStore({ connection, bucket: 'archive', allowInsecureEndpoints: true, http });
      await store.write('.longhaul/orders/ledger', body, { etag: '"e0"' }, running);
      await store.overwrite('.longhaul/orders/part', body, running);
      seen.push(server.requests.slice(-2).map(meaning));
      store.close();
    }
    expect(seen[0]).toEqual(seen[1]);
  });

  it('is signed by the time of a store that refused it for its date', async () => {
    const seen: string[] = [];
    server.script = ({ headers }, response) => {
      seen.push(String(headers['x-amz-date']));
      const date = new Date(Date.now() + 3_600_000).toUTCString();
      if (seen.length > 1) response.writeHead(200, { etag: '"e"' }).end();
      else response.writeHead(403, { date }).end('<Error><Code>RequestTimeTooSkewed</Code></Error>');
    };
    const target = open('lean', {});
    expect(await put('a', { kind: 'absent' })(target)).toMatchObject({ state: 'stored' });
    target.close();
    server.script = (_request, response) => response.writeHead(200, { etag: '"e"' }).end();
    const [first = 0, second = 0] = seen.map((time) => Number(time.replaceAll(/\D/g, '')));
    expect(second).toBeGreaterThan(first);
  });
});

function open(http: 'lean' | 'sdk', changes: Partial<TargetDefinition>) {
  const { target } = smallDefinition({ target: { endpoint: server.url, forcePathStyle: true, ...changes } });
  return createS3Target({ target, allowInsecureEndpoints: true, http });
}

/** What one client sends for a write. */
async function sent(
  http: 'lean' | 'sdk',
  changes: Partial<TargetDefinition>,
  write: (target: ObjectTarget) => Promise<unknown>,
): Promise<Seen> {
  const target = open(http, changes);
  await write(target);
  target.close();
  return server.requests.at(-1)!;
}

function isOfSdk({ headers }: Seen): boolean {
  return headers['user-agent']?.includes('aws-sdk-js') === true;
}

// What the SDK says about itself, what concerns only a connection, and what depends on these and the time.
const notCompared = /^(amz-sdk-|user-agent|x-amz-user-agent|connection|accept|authorization|x-amz-date|date)/;

/** What the store takes from a request. */
function meaning({ method, url, headers }: Seen): unknown {
  const { pathname, searchParams } = new URL(url, server.url);
  const named = Object.entries(headers).filter(([name]) => !notCompared.test(name));
  const query = [...searchParams].filter(([name]) => name !== 'x-id').sort();
  return { method, pathname, query, headers: Object.fromEntries(named) };
}

/** Signs a request as it was sent, with the headers that its signature names. */
function authorizationOf({ method, url, headers }: Seen, region = 'us-east-1'): string {
  const [path = '', search = ''] = url.split('?');
  const names = /SignedHeaders=([^,]*)/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? [];
  const fields = search === '' ? [] : search.split('&').map((field) => field.split('='));
  return new SignV4().authorization(
    { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret' },
    {
      method,
      path,
      query: fields.map(([name = '', value = '']) => [name, value] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
      headers: names.map((name) => [name, String(headers[name] ?? '')] as const),
      payloadSha256: createHash('sha256').update(body).digest('hex'),
      region,
      time: String(headers['x-amz-date']),
    },
  );
}
