import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { freePortBase } from './free-port-base.js';
import { runLonghaul, runLonghaulJson } from './longhaul-program.js';

/** The local stack that all end-to-end tests share; each test has its own names in it. */
export interface SharedStack {
  readonly stateDir: string;
  readonly portBase: number;
  /** What `dev env` prints: where the stack is and how to get in. */
  readonly environment: Readonly<Record<string, string>>;
  readonly s3Endpoint: string;
}

/** What the tests read of `dev status --json`. */
export interface StackStatusDocument {
  readonly parts: readonly {
    readonly name: string;
    readonly pid: number | null;
    readonly address: string | null;
    readonly alive: boolean;
  }[];
}

declare module 'vitest' {
  interface ProvidedContext {
    stack: SharedStack;
  }
}

/** Brings the shared stack up before the first end-to-end test and down after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stateDir = mkdtempSync(join(tmpdir(), 'longhaul-e2e-'));
  const portBase = await freePortBase();
  const up = await runLonghaul(['dev', 'up', '--state-dir', stateDir, '--port-base', String(portBase)]);
  if (up.exitCode !== 0) throw new Error(`dev up ended with ${String(up.exitCode)}:\n${up.stderr}`);
  const { document } = await runLonghaulJson<Record<string, string>>(['dev', 'env', '--state-dir', stateDir]);
  const { document: status } = await runLonghaulJson<StackStatusDocument>(['dev', 'status', '--state-dir', stateDir]);
  const s3Endpoint = status.parts.find((part) => part.name === 's3')?.address;
  if (typeof s3Endpoint !== 'string') throw new Error(`dev status names no S3 server: ${JSON.stringify(status)}`);
  project.provide('stack', { stateDir, portBase, environment: document, s3Endpoint });
  return async () => {
    const down = await runLonghaul(['dev', 'down', '--state-dir', stateDir]);
    if (down.exitCode !== 0) throw new Error(`dev down ended with ${String(down.exitCode)}:\n${down.stderr}`);
    rmSync(stateDir, { recursive: true, force: true });
  };
}
