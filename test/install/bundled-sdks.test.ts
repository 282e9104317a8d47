import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const built = resolve(import.meta.dirname, '../../dist/stores/sdk');

/**
 * The SDKs load most ways to sign in only when they are asked for, so that one which a bundle lacks would first be
 * missed in somebody's data centre.
 */
describe('the bundled SDKs, where no package is installed', () => {
  let folder: string;
  let server: Server;
  let base: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longhaul-sdks-'));
    await cp(built, join(folder, 'sdk'), { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    server = createServer((request, response) => {
      void answer(request).then((body) => response.writeHead(body === undefined ? 404 : 200, headers).end(body));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await writeAwsFolder(join(folder, '.aws'), base);
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(module: string, environment: Readonly<Record<string, string>>): Promise<string> {
    const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', module], {
      cwd: folder,
      extendEnv: false,
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, AWS_REGION: 'us-east-1', ...environment },
    });
    return stdout;
  }

  it.each([
    ['the keys of a profile', 'keys', { AWS_PROFILE: 'keys' }],
    ['a program', 'program', { AWS_PROFILE: 'program' }],
    ['single sign-on', 'single-sign-on', { AWS_PROFILE: 'single-sign-on' }],
    ['a role for the keys of a profile', 'role', { AWS_PROFILE: 'role' }],
    ['a role for a machine', 'role', { AWS_PROFILE: 'machine-role' }],
    ['a role for a web identity', 'web-identity', { AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: '.aws/token' }],
    ['the metadata of a container', 'container', { AWS_CONTAINER_CREDENTIALS_FULL_URI: '{base}/container' }],
    ['the metadata of a machine', 'machine', {}],
  ])('sign in to AWS with %s', async (_way, accessKeyId, environment) => {
    const found = await run(
      `import { S3Client } from './sdk/aws-s3.js';
       process.stdout.write((await new S3Client().config.credentials()).accessKeyId);`,
      {
        AWS_ENDPOINT_URL_STS: base,
        AWS_ENDPOINT_URL_SSO: base,
        AWS_EC2_METADATA_SERVICE_ENDPOINT: base,
        ...Object.fromEntries(
          Object.entries(environment).map(([name, value]) => [name, value.replace('{base}', base)]),
        ),
      },
    );
    expect(found).toBe(accessKeyId);
  });

  it('sign in to Azure with a managed identity', async () => {
    const token = await run(
      `import { DefaultAzureCredential } from './sdk/azure-identity.js';
       const { token } = await new DefaultAzureCredential().getToken('https://storage.azure.com/.default');
       process.stdout.write(token);`,
      { IDENTITY_ENDPOINT: `${base}/managed-identity`, IDENTITY_HEADER: 'secret' },
    );
    expect(token).toBe('managed-identity');
  });

  it('keep the names of their errors', async () => {
    const names = await run(
      `import { HeadBucketCommand, S3Client } from './sdk/aws-s3.js';
       import { BlobServiceClient } from './sdk/azure-blobs.js';
       const names = [];
       const note = ({ name, constructor }) => names.push(name, constructor.name);
       await new S3Client({ endpoint: '${base}', forcePathStyle: true, maxAttempts: 1 })
         .send(new HeadBucketCommand({ Bucket: 'none' })).catch(note);
       await new BlobServiceClient('${base}').getProperties().catch(note);
       process.stdout.write(names.join(' '));`,
      { AWS_PROFILE: 'keys' },
    );
    expect(names).toBe('NotFound NotFound RestError RestError');
  });
});

const role = 'arn:aws:iam::123456789012:role/mover';
const headers = { 'content-type': 'application/json' };

async function writeAwsFolder(folder: string, base: string): Promise<void> {
  await mkdir(join(folder, 'sso/cache'), { recursive: true });
  await writeFile(join(folder, 'token'), 'a token');
  await writeFile(
    join(folder, 'config'),
    `[profile keys]\naws_access_key_id = keys\naws_secret_access_key = secret
[profile program]\ncredential_process = echo '{"Version":1,"AccessKeyId":"program","SecretAccessKey":"secret"}'
[profile role]\nrole_arn = ${role}\nsource_profile = keys
[profile machine-role]\nrole_arn = ${role}\ncredential_source = Ec2InstanceMetadata
[profile single-sign-on]\nsso_session = work\nsso_account_id = 123456789012\nsso_role_name = mover
[sso-session work]\nsso_region = us-east-1\nsso_start_url = ${base}/start\n`,
  );
  const cached = `${createHash('sha1').update('work').digest('hex')}.json`;
  await writeFile(join(folder, 'sso/cache', cached), JSON.stringify({ accessToken: 'a', expiresAt: later() }));
}

/** Answers like the servers that give credentials; each key's name says who gave it. */
async function answer(request: IncomingMessage): Promise<string | undefined> {
  const url = request.url ?? '';
  const body = await text(request);
  const keys = { SecretAccessKey: 'secret', Token: 'token', Expiration: later() };
  if (url === '/container') return JSON.stringify({ AccessKeyId: 'container', ...keys });
  if (url === '/latest/api/token') return 'token';
  if (url === '/latest/meta-data/iam/security-credentials/') return 'mover';
  if (url.startsWith('/latest/meta-data/iam/')) return JSON.stringify({ AccessKeyId: 'machine', ...keys });
  if (url.startsWith('/federation/')) {
    const roleCredentials = { accessKeyId: 'single-sign-on', secretAccessKey: 'secret', sessionToken: 'token' };
    return JSON.stringify({ roleCredentials: { ...roleCredentials, expiration: Date.now() + 3_600_000 } });
  }
  if (url.startsWith('/managed-identity')) {
    return JSON.stringify({ access_token: 'managed-identity', expires_on: String(Date.now() / 1000 + 3600) });
  }
  if (body.includes('Action=AssumeRoleWithWebIdentity')) return assumed('AssumeRoleWithWebIdentity', 'web-identity');
  if (body.includes('Action=AssumeRole')) return assumed('AssumeRole', 'role');
  return undefined;
}

function assumed(action: string, accessKeyId: string): string {
  return `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><Credentials>
    <AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
    <Expiration>${later()}</Expiration></Credentials></${action}Result></${action}Response>`;
}

function later(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}
