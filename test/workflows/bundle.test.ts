import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundleWorkflows, workflowBundle } from '../support/servers/workflow-bundle.js';

const fixture = (name: string) => resolve(import.meta.dirname, 'fixtures', name);

describe('the workflow bundle', () => {
  test('is built from the workflows as they are', async () => {
    const { code } = await workflowBundle();
    expect(code).toContain('longhaul resume');
    // Activities, stores and packages for Node do not belong in it.
    for (const foreign of ['createFinish', 'PutObjectCommand', 'BlobServiceClient'])
      expect(code).not.toContain(foreign);
  });

  test('is refused where a workflow imports a module of Node', async () => {
    await expect(bundleWorkflows(fixture('uses-node.ts'))).rejects.toThrow(/ERROR in node:fs/);
  });

  test('is refused where a workflow imports the code of an activity', async () => {
    await expect(bundleWorkflows(fixture('uses-activity.ts'))).rejects.toThrow(/@ .*src\/activities\/finish.ts/);
  });
});
