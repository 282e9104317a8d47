import { createHash } from 'node:crypto';
import { stackPaths } from '../state/stack-layout.js';
import type { PartPlan } from './part-plan.js';

/** Plans the worker program. Its environment is the user's, overridden by the stack's. */
export function planWorkers(options: {
  readonly stateDir: string;
  readonly program: { readonly command: string; readonly args: readonly string[] };
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  readonly stackEnv: Readonly<Record<string, string>>;
  readonly probe: () => Promise<void>;
}): PartPlan {
  const { command, args } = options.program;
  const log = stackPaths(options.stateDir).log('workers');
  const env = ownEnvironment(options.baseEnv, options.stackEnv);
  return {
    name: 'workers',
    ports: [],
    readyWithinMs: 60_000,
    fingerprint: fingerprintOf(command, args, env),
    launch: () => ({ command, args, env, cwd: options.stateDir, outputLog: log, errorLog: log }),
    probe: options.probe,
  };
}

/**
 * The user's settings for another Temporal server are dropped: with its key or TLS, the local server could not be
 * reached.
 */
function ownEnvironment(
  baseEnv: Readonly<Record<string, string | undefined>>,
  stackEnv: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  const kept = Object.entries(baseEnv).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return { ...Object.fromEntries(kept), ...stackEnv };
}

/**
 * Covers the variables that decide where and how workers connect. Others change from shell to shell and do not matter.
 */
function fingerprintOf(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string {
  const relevant = Object.entries(env)
    .filter(([name, value]) => /^(LONGHAUL|AWS|AZURE|TEMPORAL)_/.test(name) && value !== undefined && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([command, args, relevant]))
    .digest('hex');
}
