import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../../../src/domain/text/secret.js';
import { checkTargetBucket } from '../../../../../src/stores/s3/bucket/check-target-bucket.js';
import { type ScriptedServer, startScriptedServer } from '../../../../support/servers/scripted-server.js';
import { failureOf } from '../../failure-of.js';
import { refuse } from '../refuse.js';

const running = new AbortController().signal;
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: new Secret('secret') };

let server: ScriptedServer;

beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.close());

describe('the check of a bucket', () => {
  it('asks a second time, where a body can tell what a HEAD could not', async () => {
    for (const [code, failureClass] of [
      ['ExpiredToken', 'TargetAuth'],
      ['AccessDenied', 'TargetForbidden'],
    ]) {
      server.script = (request, response) => {
        if (request.method === 'HEAD') return void response.writeHead(403).end();
        refuse(response, 403, code!);
      };
      const place = {
        connection: { region: 'eu-west-1', endpoint: server.url, forcePathStyle: true },
        bucket: 'archive',
        keys,
        allowInsecureEndpoints: true,
      };
      expect((await failureOf(checkTargetBucket(place, running))).failureClass).toBe(failureClass);
    }
  });
});

describe('settings that the SDK refuses before it asks a store', () => {
  it.each([
    ['a bucket that no host can have', { bucket: 'a.b--x-s3', region: 'eu-west-1' }, 'correct target.bucket'],
    ['a bucket with a slash', { bucket: 'a/b', region: 'eu-west-1' }, 'correct target.bucket'],
    ['a region that is none', { bucket: 'archive', region: 'eu_west!' }, 'target.region is not the name of a region'],
  ])('are a ConfigError, in one line: %s', async (_title, settings, words) => {
    const place = { connection: { region: settings.region }, bucket: settings.bucket, keys };
    const failure = await failureOf(checkTargetBucket({ ...place, allowInsecureEndpoints: true }, running));
    expect(failure.failureClass).toBe('ConfigError');
    expect(failure.message).toContain(words);
    expect(failure.message).not.toContain('\n');
  });
});
