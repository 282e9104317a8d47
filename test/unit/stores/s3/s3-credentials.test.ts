import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Secret } from '../../../../src/domain/text/secret.js';
import { createS3ControlStore, type S3ControlStore } from '../../../../src/stores/s3/s3-control-store.js';
import { type ScriptedServer, startScriptedServer } from '../../../support/servers/scripted-server.js';
import { failureOf } from '../failure-of.js';

const running = new AbortController().signal;
const body = Buffer.from('x');

describe.each(['lean', 'sdk'] as const)("the target's credential, from a profile, over the HTTP client %s", (http) => {
  let folder: string;
  let server: ScriptedServer;
  let control: S3ControlStore;
  const noted = new Set<string>();
  const noteSecret = (secret: Secret): void => void noted.add(secret.reveal());

  beforeEach(async () => {
    noted.clear();
    folder = mkdtempSync(join(tmpdir(), 'longhaul-aws-'));
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'])
      vi.stubEnv(name, undefined);
    writeFileSync(join(folder, 'config'), '');
    server = await startScriptedServer();
    control = createS3ControlStore({
      connection: { endpoint: server.url, forcePathStyle: true, profile: 'migrations' },
      bucket: 'archive',
      allowInsecureEndpoints: true,
      http,
      noteSecret,
    });
  });

  afterEach(async () => {
    control.close();
    await server.close();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it('is read again when the store says that it expired, and the request made once more', async () => {
    rotate('AKIDFIRST');
    server.script = (_request, response, index) => {
      if (index === 0) {
        rotate('AKIDSECOND');
        response.writeHead(400).end('<Error><Code>ExpiredToken</Code><Message>Old.</Message></Error>');
      } else response.writeHead(200, { etag: '"e"' }).end();
    };
    expect((await control.write('k', body, 'absent', running)).state).toBe('written');
    expect(server.requests.map(keyOf)).toEqual(['AKIDFIRST', 'AKIDSECOND']);
    await control.write('k', body, 'absent', running);
    expect(server.requests.map(keyOf)).toEqual(['AKIDFIRST', 'AKIDSECOND', 'AKIDSECOND']);
    expect([...noted]).toEqual(['secret-AKIDFIRST', 'secret-AKIDSECOND']);
  });

  it('is not tried twice when it is still the one that was refused', async () => {
    rotate('AKIDFIRST');
    server.script = (_request, response) =>
      response.writeHead(403).end('<Error><Code>InvalidAccessKeyId</Code><Message>No.</Message></Error>');
    expect((await failureOf(control.write('k', body, 'absent', running))).failureClass).toBe('TargetAuth');
    expect(server.requests).toHaveLength(1);
  });

  it('is one clear error when there is none, and found once it is there', async () => {
    const failure = await failureOf(control.write('k', body, 'absent', running));
    expect(failure.failureClass).toBe('TargetAuth');
    expect(failure.message).toContain('no AWS credentials were found; set AWS_ACCESS_KEY_ID');
    rotate('AKIDFIRST');
    server.script = (_request, response) => response.writeHead(200, { etag: '"e"' }).end();
    expect((await control.write('k', body, 'absent', running)).state).toBe('written');
  });

  it('is that of the role when one is named, assumed with the profile and the external id', async () => {
    rotate('AKIDFIRST');
    vi.stubEnv('AWS_ENDPOINT_URL_STS', server.url);
    const assumed = createS3ControlStore({
      connection: {
        endpoint: server.url,
        forcePathStyle: true,
        profile: 'migrations',
        roleArn: 'arn:aws:iam::123456789012:role/mover',
        externalId: 'outside',
      },
      bucket: 'archive',
      allowInsecureEndpoints: true,
      http,
      noteSecret,
    });
    server.script = (_request, response, index) => {
      if (index > 0) response.writeHead(200, { etag: '"e"' }).end();
      else response.writeHead(200, { 'content-type': 'text/xml' }).end(assumedRole);
    };
    expect((await assumed.write('k', body, 'absent', running)).state).toBe('written');
    assumed.close();
    expect(server.requests.map(keyOf)).toEqual(['AKIDFIRST', 'AKIDASSUMED']);
    const [asked, written] = server.requests;
    expect(Object.fromEntries(new URLSearchParams(asked?.body.toString()))).toMatchObject({
      Action: 'AssumeRole',
      RoleArn: 'arn:aws:iam::123456789012:role/mover',
      ExternalId: 'outside',
      RoleSessionName: 'longhaul',
    });
    expect(written?.headers['x-amz-security-token']).toBe('token');
    expect([...noted]).toEqual(['assumed', 'token']);
  });

  function rotate(accessKeyId: string): void {
    const lines = ['[migrations]', `aws_access_key_id=${accessKeyId}`, `aws_secret_access_key=secret-${accessKeyId}`];
    writeFileSync(join(folder, 'credentials'), `${lines.join('\n')}\n`);
  }
});

const assumedRole = [
  '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>',
  '<AccessKeyId>AKIDASSUMED</AccessKeyId><SecretAccessKey>assumed</SecretAccessKey><SessionToken>token</SessionToken>',
  '<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>',
].join('');

function keyOf(request: ScriptedServer['requests'][number]): string | undefined {
  return /Credential=(\w+)\//.exec(request.headers.authorization ?? '')?.[1];
}
