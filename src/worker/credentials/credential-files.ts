import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Variables = Readonly<Record<string, string | undefined>>;

/** Files in which the SDKs of the clouds look for credentials, and where they look if the variable is not set. */
const ofSdks: Readonly<Record<string, string | undefined>> = {
  AWS_SHARED_CREDENTIALS_FILE: join(homedir(), '.aws', 'credentials'),
  AWS_CONFIG_FILE: join(homedir(), '.aws', 'config'),
  AWS_WEB_IDENTITY_TOKEN_FILE: undefined,
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: undefined,
  AZURE_FEDERATED_TOKEN_FILE: undefined,
  AZURE_CLIENT_CERTIFICATE_PATH: undefined,
};

/** Returns the files that a process may read credentials of stores from, whether they are there or not. */
export function credentialFiles(variables: Variables): readonly string[] {
  const own = Object.keys(variables).filter((name) => /^LONGHAUL_CREDENTIAL_.+_FILE$/.test(name));
  const paths = [
    ...own.map((name) => variables[name]),
    ...Object.entries(ofSdks).map(([name, usual]) => variables[name] || usual),
  ];
  return paths.flatMap((path) => (path === undefined || path === '' ? [] : [path]));
}

/** Returns a text that differs once one of the files has been written, replaced or removed. Reads none of them. */
export async function markOfFiles(paths: readonly string[]): Promise<string> {
  return (await Promise.all(paths.map(markOf))).join('\n');
}

async function markOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(path);
    return [ino, size, mtimeMs].join('/');
  } catch {
    return 'not there';
  }
}
