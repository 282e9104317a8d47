/** Runs one worker process whose source accounts and target objects are in memory; see measure-flat.ts. */
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const instead = new Map([
  ['stores/azure/azure-source.js', resolve(import.meta.dirname, 'azure-source.ts')],
  ['stores/s3/s3-target.js', resolve(import.meta.dirname, 's3-target.ts')],
]);

const { module } = await runnerImport('./bench/flat/flat-worker.ts', {
  logLevel: 'error',
  plugins: [
    {
      name: 'stores-in-memory',
      enforce: 'pre',
      /** @param {string} id @param {string | undefined} importer */
      resolveId(id, importer) {
        if (importer?.includes('/src/worker/') !== true) return undefined;
        return instead.get(id.replace(/^(\.\.\/)+/, ''));
      },
    },
  ],
});
await module.runFlatWorker();
