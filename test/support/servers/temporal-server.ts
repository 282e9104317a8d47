import { TestWorkflowEnvironment } from '@temporalio/testing';
import envPaths from 'env-paths';
import { findProgram } from '../../../src/local/programs/find-program.js';
import { temporalProgram } from '../../../src/local/programs/pinned-programs.js';
import { searchAttributeKeys } from '../../../src/workflows/search-attributes.js';
import { quietRuntime } from './quiet-runtime.js';

/**
 * Starts a real Temporal server with Longhaul's search attributes, which keeps its data in memory. `dynamicConfig` sets
 * values of the server, as `KEY=JSON`.
 */
export async function startTemporalServer(dynamicConfig: readonly string[] = []): Promise<TestWorkflowEnvironment> {
  quietRuntime();
  const path = await findProgram({
    program: temporalProgram,
    explicit: process.env['LONGHAUL_TEMPORAL_CLI'] || undefined,
    cacheDir: envPaths('longhaul', { suffix: '' }).cache,
    baseEnv: process.env,
    progress: (line) => process.stderr.write(`${line}\n`),
    signal: AbortSignal.timeout(110_000),
  });
  return TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      searchAttributes: Object.values(searchAttributeKeys),
      extraArgs: dynamicConfig.flatMap((value) => ['--dynamic-config-value', value]),
    },
  });
}

/** Connects to a Temporal server that runs. `teardown` ends the connection alone. */
export async function connectToTemporal(address: string): Promise<TestWorkflowEnvironment> {
  quietRuntime();
  return TestWorkflowEnvironment.createFromExistingServer({ address });
}
