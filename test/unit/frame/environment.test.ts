import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readCredential, readEnvironment } from '../../../src/env.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-environment-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('a credential', () => {
  const read = async (variables: Record<string, string>): Promise<string | undefined> => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    return (await readCredential(readEnvironment(), 'prod-east'))?.reveal();
  };
  const file = (text: string): string => {
    writeFileSync(join(folder, 'secret'), text);
    return join(folder, 'secret');
  };

  test('comes from its variable, or from the file that the other one names, without a last line feed', async () => {
    expect(await read({ LONGHAUL_CREDENTIAL_PROD_EAST_FILE: file('from a file\n') })).toBe('from a file');
    expect(await read({ LONGHAUL_CREDENTIAL_PROD_EAST: ' direct\n' })).toBe('direct');
  });

  test('is distinguished: not named, named but empty, in a file that cannot be read', async () => {
    expect(await read({})).toBeUndefined();
    expect(await read({ LONGHAUL_CREDENTIAL_PROD_EAST: '' })).toBe('');
    vi.unstubAllEnvs();
    expect(await read({ LONGHAUL_CREDENTIAL_PROD_EAST_FILE: '' })).toBe('');
    expect(await read({ LONGHAUL_CREDENTIAL_PROD_EAST_FILE: file('') })).toBe('');
    await expect(read({ LONGHAUL_CREDENTIAL_PROD_EAST_FILE: join(folder, 'none') })).rejects.toMatchObject({
      code: 'ENOENT',
    });
    await expect(read({ LONGHAUL_CREDENTIAL_PROD_EAST_FILE: folder })).rejects.toMatchObject({ code: 'EISDIR' });
  });
});

test('every variable that the programs read is on the page of the command line', () => {
  const top = new URL('../../../', import.meta.url).pathname;
  const sources = readdirSync(`${top}src`, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const read = sources.flatMap((name) => [
    ...readFileSync(`${top}src/${name}`, 'utf8').matchAll(/\b(?:variables|process\.env)\['([A-Z_]+)'\]/g),
  ]);
  const names = [...new Set(read.map(([, name = '']) => name))];
  expect(names).toContain('LONGHAUL_LOG');
  const [, section = ''] = readFileSync(`${top}docs/cli.md`, 'utf8').split('\n## Environment\n');
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(section))).toEqual([]);
});

test('trusted hosts are a list, and none by default', () => {
  vi.stubEnv('LONGHAUL_TRUSTED_HOSTS', '');
  expect(readEnvironment().trustedHosts).toEqual([]);
  vi.stubEnv('LONGHAUL_TRUSTED_HOSTS', ' blobs.corp.example, *.storage.example ,');
  expect(readEnvironment().trustedHosts).toEqual(['blobs.corp.example', '*.storage.example']);
});

test('the environment prints without the values of its variables, and can be read and copied', () => {
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'canary-of-the-environment');
  const environment = readEnvironment();
  for (const print of [inspect, (value: object) => JSON.stringify(value)])
    expect(print(environment)).not.toContain('canary-of-the-environment');
  expect(environment.variables['AWS_SECRET_ACCESS_KEY']).toBe('canary-of-the-environment');
  expect({ ...environment.variables }).toEqual({ ...process.env });
});

describe('a value that cannot be used', () => {
  test.each([
    ['LONGHAUL_HEARTBEAT_INTERVAL', '5sec', 'a time that is not zero, such as 500ms, 5s or 1m'],
    ['LONGHAUL_HEARTBEAT_INTERVAL', '0', 'a time that is not zero, such as 500ms, 5s or 1m'],
    ['LONGHAUL_CANCEL_PATIENCE', '1 h', 'a time that is not zero, such as 500ms, 5s or 1m'],
    ['LONGHAUL_LOG', 'text', 'pretty or json'],
    ['LONGHAUL_HTTP', 'undici', 'lean or sdk'],
    ['LONGHAUL_WEB_UI', 'temporal:8080', 'https://temporal.example'],
    ['LONGHAUL_ALLOW_INSECURE_ENDPOINTS', 'true', '1 or 0'],
  ])('is named, and not replaced in silence: %s=%s', (variable, value, form) => {
    vi.stubEnv(variable, value);
    expect(readEnvironment().problems).toEqual([
      { variable, message: `${variable} is ${JSON.stringify(value)}; write it as ${form}` },
    ]);
  });

  test('is none that is empty or as it should be', () => {
    vi.stubEnv('LONGHAUL_LOG', '');
    vi.stubEnv('LONGHAUL_HEARTBEAT_INTERVAL', '1.5m');
    vi.stubEnv('LONGHAUL_CANCEL_PATIENCE', '200ms');
    vi.stubEnv('LONGHAUL_WEB_UI', 'https://temporal.example/ui/');
    vi.stubEnv('LONGHAUL_ALLOW_INSECURE_ENDPOINTS', '0');
    expect(readEnvironment()).toMatchObject({
      ...{ problems: [], heartbeatIntervalMs: 90_000, cancelPatienceMs: 200, allowInsecureEndpoints: false },
      webUi: 'https://temporal.example/ui',
    });
  });
});
