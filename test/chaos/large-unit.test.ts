import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { killWhileUploading } from '../support/faults/kill-while-uploading.js';
import { generateLargeUnit } from '../support/migrations/large-unit.js';
import { randomNumbers, upTo } from '../support/random-numbers.js';
import { checkpointOf } from '../support/faults/resumed-upload.js';
import { openObject } from '../support/programs/target-objects.js';
import { testSeed } from '../support/test-seed.js';
import { useProxiedStack } from '../support/servers/use-proxied-stack.js';

describe('a worker killed five times while it moves one unit of more than 2 GB', () => {
  const own = useProxiedStack();

  it('resumes at the last durable part each time', async () => {
    const large = await generateLargeUnit(own, 'large', 48);
    const [unit] = large.migration.expected;
    expect(unit).toMatchObject({ state: 'done', blobs: 48 });
    let further = upTo(randomNumbers(testSeed('large unit')), 6);

    const parts = await killWhileUploading(own, large, [
      ({ kind, query }) => kind === 'upload part' && Number(query.get('partNumber')) >= 3,
      ({ kind }, saved) => kind === 'read blob' && saved >= 6,
      (request) => request.kind === 'write checkpoint' && checkpointOf(request).parts.length >= 10,
      (_request, saved) => saved >= 14 && (further -= 1) < 0,
      ({ kind }) => kind === 'complete upload',
    ]);

    expect(parts).toBeGreaterThanOrEqual(20);
    expect(unit?.state === 'done' && unit.rawBytes).toBeGreaterThanOrEqual(2e9);
    await expectGzipTakes((await openObject(own.s3, large.migration.bucket, unit?.key ?? '')).body);
  });
});

/** Lets the program gzip test an object. Where it is not installed, zlib has read the object before. */
async function expectGzipTakes(object: Readable): Promise<void> {
  const { exitCode, stderr, code } = await execa('gzip', ['-t'], { input: object, reject: false });
  if (code !== 'ENOENT') expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
}
