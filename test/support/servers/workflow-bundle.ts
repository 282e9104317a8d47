import { resolve } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

let bundle: Promise<WorkflowBundleWithSourceMap> | undefined;

/** Bundles the workflows from their sources, once per test file. */
export function workflowBundle(): Promise<WorkflowBundleWithSourceMap> {
  bundle ??= bundleWorkflows(resolve(import.meta.dirname, '../../../src/workflows/index.ts'));
  return bundle;
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
