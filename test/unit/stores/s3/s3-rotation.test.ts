import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { S3Connection } from '../../../../src/domain/definition.js';
import { createS3Target } from '../../../../src/stores/s3/s3-target.js';
import {
  type ScriptedRequest,
  type ScriptedServer,
  startScriptedServer,
} from '../../../support/servers/scripted-server.js';
import { failureOf } from '../failure-of.js';

const running = new AbortController().signal;
const role = 'arn:aws:iam::123456789012:role/mover';

/** A form in which a worker finds the credential of the target, and how its file is rewritten. */
interface Form {
  readonly title: string;
  readonly connection: Partial<S3Connection>;
  readonly rotate: (place: Place, key: string) => void;
}

interface Place {
  readonly folder: string;
  readonly serverUrl: string;
}

const forms: readonly Form[] = [
  { title: 'keys in the shared credentials file', connection: {}, rotate: keysOf('default') },
  { title: 'keys of a profile', connection: { profile: 'migrations' }, rotate: keysOf('migrations') },
  {
    title: 'a session in the shared credentials file',
    connection: {},
    rotate: (place, key) => write(place, 'credentials', ['[default]', ...keys(key), `aws_session_token=token${key}`]),
  },
  {
    title: 'a program that prints keys',
    connection: {},
    rotate: (place, key) => {
      const printed = { Version: 1, AccessKeyId: key, SecretAccessKey: `secret${key}` };
      write(place, 'printed.json', [JSON.stringify(printed)]);
      write(place, 'config', ['[default]', `credential_process = cat ${join(place.folder, 'printed.json')}`]);
    },
  },
  { title: 'a role that keys assume', connection: { roleArn: role }, rotate: keysOf('default') },
  {
    title: 'a role that the keys of a profile assume',
    connection: { roleArn: role, profile: 'migrations' },
    rotate: keysOf('migrations'),
  },
  {
    title: 'a profile with a role',
    connection: { profile: 'mover' },
    rotate: (place, key) => {
      keysOf('migrations')(place, key);
      write(place, 'config', ['[profile mover]', `role_arn = ${role}`, 'source_profile = migrations']);
    },
  },
  {
    title: 'a role by web identity',
    connection: {},
    rotate: (place, key) => {
      write(place, 'token', [key]);
      vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', join(place.folder, 'token'));
      vi.stubEnv('AWS_ROLE_ARN', role);
    },
  },
  {
    title: 'the agent of a container, asked with a token in a file',
    connection: {},
    rotate: (place, key) => {
      write(place, 'token', [key]);
      vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${place.serverUrl}/agent`);
      vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', join(place.folder, 'token'));
    },
  },
];

describe.each(forms)('the credential of the target: $title', ({ connection, rotate }) => {
  let place: Place;
  let server: ScriptedServer;
  const refused = new Set<string>();

  beforeEach(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'longhaul-aws-'));
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'])
      vi.stubEnv(name, undefined);
    server = await startScriptedServer(answer);
    vi.stubEnv('AWS_ENDPOINT_URL_STS', server.url);
    place = { folder, serverUrl: server.url };
    refused.clear();
  });

  afterEach(async () => {
    await server.close();
    vi.unstubAllEnvs();
    rmSync(place.folder, { recursive: true });
  });

  it('is found again after it was revoked, once its file has followed', async () => {
    rotate(place, 'FIRST');
    const target = open();
    expect(await target.head('k', running)).toBeUndefined();
    refused.add('FIRST');
    const failure = await failureOf(target.head('k', running));
    expect(failure.row).toMatchObject({ blocks: true, scope: 'target' });
    rotate(place, 'SECOND');
    expect(await target.head('k', running)).toBeUndefined();
    expect(objectRequests().at(-1)).toMatch(/SECOND$/);
    target.close();
  });

  it('is looked for once by requests that are refused at the same time', async () => {
    rotate(place, 'FIRST');
    const target = open();
    await target.head('k', running);
    refused.add('FIRST');
    rotate(place, 'SECOND');
    const before = server.requests.length;
    const together = 8;
    await Promise.all(Array.from({ length: together }, () => target.head('k', running)));
    // Two tries of each, and at most one request for a session by each of the two clients that are compared.
    expect(server.requests.length - before).toBeLessThanOrEqual(2 * together + 2);
    target.close();
  });

  function open() {
    return createS3Target({
      target: {
        ...{ endpoint: server.url, forcePathStyle: true, region: 'us-east-1', ...connection },
        ...{ bucket: 'archive', key: '{{ unit.id }}', tags: {}, metadata: {} },
        ...{ overwrite: 'never', conditionalWrites: 'require', control: { bucket: 'archive', prefix: '.longhaul' } },
      },
      allowInsecureEndpoints: true,
    });
  }

  function objectRequests(): readonly string[] {
    return server.requests.filter(({ url }) => url.startsWith('/archive/')).map(keyOf);
  }

  function answer(request: ScriptedRequest, response: Parameters<ScriptedServer['script']>[1]): void {
    const { method, url, body, headers } = request;
    if (method === 'HEAD') {
      // A HEAD is refused without a reason.
      response.writeHead(isRefused(keyOf(request)) ? 403 : 404).end();
    } else if (url === '/agent') {
      const key = String(headers.authorization).trim();
      const session = { AccessKeyId: `BY${key}`, SecretAccessKey: 's', Token: 't', Expiration: '2999-01-01T00:00:00Z' };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(session));
    } else {
      const form = new URLSearchParams(body.toString());
      const action = form.get('Action') ?? '';
      const key = (form.get('WebIdentityToken') ?? keyOf(request)).trim();
      if (isRefused(key)) response.writeHead(403).end(refusal);
      else response.writeHead(200, { 'content-type': 'text/xml' }).end(session(action, key));
    }
  }

  function isRefused(key: string): boolean {
    return [...refused].some((each) => key.endsWith(each));
  }
});

const refusal = '<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>No.</Message></Error></ErrorResponse>';

function session(action: string, key: string): string {
  const credentials =
    `<AccessKeyId>BY${key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>` +
    '<Expiration>2999-01-01T00:00:00Z</Expiration>';
  const result = `<${action}Result><Credentials>${credentials}</Credentials></${action}Result>`;
  return `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</${action}Response>`;
}

function keysOf(profile: string): Form['rotate'] {
  return (place, key) => write(place, 'credentials', [`[${profile}]`, ...keys(key)]);
}

function keys(key: string): readonly string[] {
  return [`aws_access_key_id=${key}`, `aws_secret_access_key=secret${key}`];
}

function write({ folder }: Place, name: string, lines: readonly string[]): void {
  writeFileSync(join(folder, name), lines.join('\n'));
}

function keyOf({ headers }: ScriptedRequest): string {
  return /Credential=(\w+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
}
