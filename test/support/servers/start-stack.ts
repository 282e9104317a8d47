import { mkdtempSync, rmSync } from 'node:fs';
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
  const up = await runLonghaul(['dev', 'up', ...options, ...(storesOf === undefined ? [] : ['--no-stores'])], stores);
  if (up.exitCode !== 0) throw new Error(`dev up ended with ${String(up.exitCode)}:\n${up.stderr}`);
  const { document } = await runLonghaulJson<Record<string, string>>(['dev', 'env', '--state-dir', stateDir]);
  const { document: status } = await runLonghaulJson<StackStatusDocument>(['dev', 'status', '--state-dir', stateDir]);
  const s3Endpoint = storesOf?.s3Endpoint ?? status.parts.find((part) => part.name === 's3')?.address;
  if (typeof s3Endpoint !== 'string') throw new Error(`dev status names no S3 server: ${JSON.stringify(status)}`);
  const end = async (): Promise<void> => {
    const down = await runLonghaul(['dev', 'down', '--state-dir', stateDir]);
    if (down.exitCode !== 0) throw new Error(`dev down ended with ${String(down.exitCode)}:\n${down.stderr}`);
    rmSync(stateDir, { recursive: true, force: true });
  };
  return { stack: { stateDir, portBase, environment: { ...stores, ...document }, s3Endpoint }, end };
}
