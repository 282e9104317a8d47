import { describe, expect, it } from 'vitest';
import { azureService } from '../support/migrations/generated-migration.js';
import { killWhileUploading } from '../support/faults/kill-while-uploading.js';
import type { LargeUnitBlob } from '../support/migrations/large-unit.js';
import { generateProxied, useProxiedStack } from '../support/servers/use-proxied-stack.js';

describe('a worker killed while it moves a unit of several parts', () => {
  const own = useProxiedStack();

  it('resumes at the last durable part, and at Complete', async () => {
    const migration = await generateProxied(own, 'parts', { units: 1, bigUnitRawBytes: 55_000_000 });
    const blobs: LargeUnitBlob[] = [];
    for (const { account, container, name } of migration.expected[0]?.wantedBlobNames ?? []) {
      const blob = azureService(own.stack, `prod${account}`).getContainerClient(container).getBlobClient(name);
      const { contentLength = 0 } = await blob.getProperties();
      blobs.push({ path: `/prod${account}/${container}/${name}`, bytes: contentLength });
    }

    const parts = await killWhileUploading(own, { migration, blobs }, [
      (_request, saved) => saved >= 2,
      ({ kind }) => kind === 'complete upload',
    ]);

    expect(parts).toBeGreaterThanOrEqual(5);
  });
});
