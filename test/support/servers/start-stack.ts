import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SharedStack, StackStatusDocument } from './e2e-stack.js';
import { freePortBase } from './free-port-base.js';
import { runLonghaul, runLonghaulJson } from '../programs/longhaul-program.js';

/** A local stack with its own state directory and ports. */
export interface StartedStack {
  readonly stack: SharedStack;
  /** Ends all its parts and removes its data. */
  readonly end: () => Promise<void>;
}

/**
 * Starts a local stack with the built program. With `storesOf`, starts only Temporal and workers, for the stores of
 * another stack.
 */
export async function startStack(storesOf?: SharedStack): Promise<StartedStack> {
  const stateDir = mkdtempSync(join(tmpdir(), 'longhaul-e2e-'));
  const portBase = await freePortBase();
  const options = ['--state-dir', stateDir, '--port-base', String(portBase)];
  const stores = Object.fromEntries(
    Object.entries(storesOf?.environment ?? {}).filter(([name]) => !name.startsWith('TEMPORAL_')),
  );
  const keyFiles = storesOf === undefined ? accountKeyFiles(stateDir) : {};
  const up = await runLonghaul(['dev', 'up', ...options, ...(storesOf === undefined ? [] : ['--no-stores'])], {
    ...stores,
    ...keyFiles,
  });
  if (up.exitCode !== 0) throw new Error(`dev up ended with ${String(up.exitCode)}:\n${up.stderr}`);
  const { document } = await runLonghaulJson<Record<string, string>>(['dev', 'env', '--state-dir', stateDir]);
  await writeAccountKeys(document, keyFiles);
  const { document: status } = await runLonghaulJson<StackStatusDocument>(['dev', 'status', '--state-dir', stateDir]);
  const s3Endpoint = storesOf?.s3Endpoint ?? status.parts.find((part) => part.name === 's3')?.address;
  if (typeof s3Endpoint !== 'string') throw new Error(`dev status names no S3 server: ${JSON.stringify(status)}`);
  const end = async (): Promise<void> => {
    const down = await runLonghaul(['dev', 'down', '--state-dir', stateDir]);
    if (down.exitCode !== 0) throw new Error(`dev down ended with ${String(down.exitCode)}:\n${down.stderr}`);
    rmSync(stateDir, { recursive: true, force: true });
  };
  return { stack: { stateDir, portBase, environment: { ...stores, ...keyFiles, ...document }, s3Endpoint }, end };
}

const accounts = ['PRODEAST', 'PRODWEST', 'PRODLATE'];

/**
 * Returns where workers look for the bare keys of the accounts: the credentials `prodeast-key` and so on. The stack's
 * own are connection strings, which are valid only for its own endpoints, not for those of proxies.
 */
function accountKeyFiles(stateDir: string): Readonly<Record<string, string>> {
  return Object.fromEntries(accounts.map((name) => [keyFileVariable(name), join(stateDir, `${name}.key`)]));
}

async function writeAccountKeys(
  environment: Readonly<Record<string, string>>,
  keyFiles: Readonly<Record<string, string>>,
): Promise<void> {
  for (const name of accounts) {
    const path = keyFiles[keyFileVariable(name)];
    const [, key] = /AccountKey=([^;]+)/.exec(environment[`LONGHAUL_CREDENTIAL_${name}`] ?? '') ?? [];
    if (path !== undefined && key !== undefined) await writeFile(path, key, { mode: 0o600 });
  }
}

function keyFileVariable(account: string): string {
  return `LONGHAUL_CREDENTIAL_${account}_KEY_FILE`;
}
