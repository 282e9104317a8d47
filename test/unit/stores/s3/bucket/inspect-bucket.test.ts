import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TargetCredential } from '../../../../../src/probes/target/bucket-inspector.js';
import { inspectBucket } from '../../../../../src/stores/s3/bucket/inspect-bucket.js';

const ends = '2026-02-01T00:00:00.000Z';

describe('what is told of the credential of the target', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'longhaul-aws-'));
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    for (const name of ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN', 'CREDENTIAL_EXPIRATION', 'PROFILE'])
      vi.stubEnv(`AWS_${name}`, undefined);
    writeFileSync(join(folder, 'config'), '');
    writeFileSync(join(folder, 'credentials'), '');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  async function credential(profile?: string): Promise<TargetCredential> {
    const connection = { region: 'eu-central-1', ...(profile !== undefined && { profile }) };
    const inspector = inspectBucket({ connection, bucket: 'archive', allowInsecureEndpoints: false });
    try {
      return await inspector.credential(new AbortController().signal);
    } finally {
      inspector.close();
    }
  }

  it.each<[string, Readonly<Record<string, string>>, TargetCredential]>([
    ['a key', {}, { kind: 'key' }],
    ['a session', { SESSION_TOKEN: 'token' }, { kind: 'session', endsAt: undefined, isRenewed: false }],
    [
      'a session that says when it ends',
      { SESSION_TOKEN: 'token', CREDENTIAL_EXPIRATION: ends },
      { kind: 'session', endsAt: ends, isRenewed: false },
    ],
  ])('from the environment: %s', async (_title, variables, told) => {
    const all = { ACCESS_KEY_ID: 'AKID', SECRET_ACCESS_KEY: 'secret', ...variables };
    for (const [name, value] of Object.entries(all)) vi.stubEnv(`AWS_${name}`, value);
    expect(await credential()).toEqual(told);
  });

  it('from a program that a profile names: that it is renewed', async () => {
    const answer = {
      Version: 1,
      AccessKeyId: 'AKID',
      SecretAccessKey: 's',
      SessionToken: 't',
      Expiration: '2099-01-01T00:00:00Z',
    };
    writeFileSync(join(folder, 'answer.json'), JSON.stringify(answer));
    const line = `credential_process = cat ${join(folder, 'answer.json')}`;
    writeFileSync(join(folder, 'config'), `[profile migrations]\n${line}\n`);
    expect(await credential('migrations')).toEqual({
      ...{ kind: 'session', endsAt: '2099-01-01T00:00:00.000Z', isRenewed: true },
    });
  });

  it('is a failure if there is none', async () => {
    await expect(credential('absent')).rejects.toMatchObject({ failureClass: 'TargetAuth' });
  });
});
