import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startTemporalServer } from './temporal-server.js';
import { bundleOwnWorkflows, bundleVariable } from './workflow-bundle.js';

declare module 'vitest' {
  interface ProvidedContext {
    temporalAddress: string;
  }
}

/**
 * Makes what the tests of workflows share: one bundle of the workflows, and a Temporal server. Each of their migrations
 * has a random name of its own. Tests that need other settings of the server start one for themselves.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-bundle-'));
  const [server, bundle] = await Promise.all([startTemporalServer(), bundleOwnWorkflows()]);
  const path = join(folder, 'bundle.json');
  await writeFile(path, JSON.stringify(bundle));
  process.env[bundleVariable] = path;
  project.provide('temporalAddress', server.address);
  return async () => {
    await server.teardown();
    await rm(folder, { recursive: true });
  };
}
