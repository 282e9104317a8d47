import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** Names the variable with the file of a bundle that was made before, for all processes of a run. */
export const bundleVariable = 'LONGHAUL_TEST_WORKFLOW_BUNDLE';

let bundle: Promise<WorkflowBundleWithSourceMap> | undefined;

/** Returns the bundle that was made before the tests, or else bundles the workflows, once per process. */
export function workflowBundle(): Promise<WorkflowBundleWithSourceMap> {
  const made = process.env[bundleVariable];
  bundle ??= made === undefined ? bundleOwnWorkflows() : readBundle(made);
  return bundle;
}

/** Bundles the workflows from their sources. */
export function bundleOwnWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflows(resolve(import.meta.dirname, '../../../src/workflows/index.ts'));
}

/** Bundles the workflows of any entry point. If that fails, the error contains everything the bundler said. */
export async function bundleWorkflows(workflowsPath: string): Promise<WorkflowBundleWithSourceMap> {
  let said = '';
  const logger = new DefaultLogger('ERROR', ({ message }) => void (said += message));
  try {
    return await bundleWorkflowCode({ workflowsPath, logger });
  } catch (error) {
    throw new Error(`${String(error)}\n${said}`, { cause: error });
  }
}

async function readBundle(path: string): Promise<WorkflowBundleWithSourceMap> {
  return JSON.parse(await readFile(path, 'utf8')) as WorkflowBundleWithSourceMap;
}
