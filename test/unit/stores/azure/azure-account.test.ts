import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/domain/text/secret.js';
import { createAzureSource } from '../../../../src/stores/azure/azure-source.js';
import { drain, failureOf } from '../failure-of.js';
import { blob, body, head, refuse, running, ScriptedAzure } from './scripted-azure.js';

let azure: ScriptedAzure;

describe.each(['lean', 'sdk'] as const)('over the HTTP client %s', (http) => {
  beforeEach(async () => {
    azure = await ScriptedAzure.start(http);
  });
  afterEach(() => azure.close());

  describe('the credential of an account', () => {
    it('is read again after a 403, and the request made once more when it has changed', async () => {
      const seen: (string | undefined)[] = [];
      azure.server.script = (request, response) => {
        seen.push(request.headers.authorization);
        if (seen.length === 1) {
          azure.credential = Buffer.alloc(64, 'n').toString('base64');
          refuse(response, 403, 'AuthenticationFailed');
          return;
        }
        head(response);
        response.end(body);
      };
      expect(await azure.read()).toHaveLength(body.length);
      expect(seen).toHaveLength(2);
      expect(seen[0]).not.toBe(seen[1]);
    });

    it('is one clear error, naming the variable, when nothing is set', async () => {
      const fresh = azure.open({});
      const set = azure.credential;
      azure.credential = undefined;
      const failure = await failureOf(fresh.probeAccount('east', 'events', running));
      expect(failure.failureClass).toBe('ConfigError/Credential');
      expect(failure.message).toContain('LONGHAUL_CREDENTIAL_AZURE_EAST');
      azure.credential = set;
      azure.answerWhole();
      expect(await drain(fresh.open(blob, running))).toHaveLength(body.length);
      fresh.close();
    });

    it('is one clear error without the value when it is no credential, or would be sent over plain http', async () => {
      for (const [value, failureClass] of [
        ['not a key!', 'ConfigError/Credential'],
        ['default', 'ConfigError/Endpoint'],
      ]) {
        const fresh = azure.open({});
        azure.credential = value;
        const failure = await failureOf(fresh.head(blob, running));
        expect(failure.failureClass).toBe(failureClass);
        expect(failure.message).not.toContain('not a key!');
        fresh.close();
      }
    });

    it('is reported as empty or unreadable, and never blamed on the network', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'longhaul-credential-'));
      const cases: [read: () => Promise<string>, words: RegExp][] = [
        [async () => '', /its credential is empty: LONGHAUL_CREDENTIAL_AZURE_EAST, or the file/],
        [() => readFile(join(folder, 'absent'), 'utf8'), /LONGHAUL_CREDENTIAL_AZURE_EAST_FILE .*: it does not exist/],
        [() => readFile(folder, 'utf8'), /LONGHAUL_CREDENTIAL_AZURE_EAST_FILE .*: it is a directory/],
      ];
      for (const [read, words] of cases) {
        const accounts = { east: { endpoint: `${azure.server.url}/prodeast`, credential: 'azure-east' } };
        const fresh = createAzureSource({
          accounts,
          credentials: async () => new Secret(await read()),
          allowInsecureEndpoints: true,
          http,
        });
        const failure = await failureOf(fresh.head(blob, running));
        expect(failure).toMatchObject({ failureClass: 'ConfigError/Credential', what: 'account east' });
        expect(failure.message).toMatch(words);
        fresh.close();
      }
      await rm(folder, { recursive: true });
    });

    it('never shows in a failure or its causes', async () => {
      const token = 'sv=2024-05-04&ss=b&srt=sco&sp=rl&sig=c2VjcmV0LXNpZ25hdHVyZS1zZWNyZXQ%3D';
      for (const value of [azure.credential, `?${token}`]) {
        const fresh = azure.open({});
        azure.credential = value;
        azure.server.script = (request, response) => {
          const text = `The MAC signature '${request.headers.authorization ?? request.url}' is not the same`;
          response.writeHead(403, { 'x-ms-error-code': 'AuthenticationFailed' });
          response.end(
            `<?xml version="1.0"?><Error><Code>AuthenticationFailed</Code><Message>${text}</Message></Error>`,
          );
        };
        const failure = await failureOf(drain(fresh.open(blob, running)));
        expect(failure.failureClass).toBe('SourceAuth');
        expect(inspect(failure, { depth: 10, showHidden: true })).not.toMatch(/sig=c2|c2VjcmV0|SharedKey [^[]/);
        fresh.close();
      }
    });
  });
});
