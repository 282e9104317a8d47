import { mkdtempSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { PlanDocument } from '../../src/commands/verbs/plan/plan-document.js';
import { azureService, s3Client } from '../support/migrations/generated-migration.js';
import { runLonghaulJson } from '../support/programs/longhaul-program.js';
import { readReceipts } from '../support/programs/target-objects.js';

const blobs = {
  // Complete.
  ...{ 'a/part-1.log': 'a1', 'a/part-2.log': 'a22', 'a/part-3.log': 'a333' },
  // Without its second part.
  ...{ 'b/part-1.log': 'b1', 'b/part-3.log': 'b333' },
  // Claimed by two units.
  ...{ 'd/part-1.log': 'd1', 'd/part-2.log': 'd2' },
  // Claimed by none.
  ...{ 'a/part-4.log.tmp': 'left behind', 'old/2019/07/03.log': 'old', 'old/2019/07/04.log': 'older' },
};

describe('a plan of units with gaps, duplicates and strays', () => {
  const stack = inject('stack');
  const s3 = s3Client(stack);
  let path: string;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(stack.stateDir, 'planned-'));
    const east = azureService(stack, 'prodeast');
    for (const container of ['planned', 'planned-empty']) await east.getContainerClient(container).createIfNotExists();
    const container = east.getContainerClient('planned');
    for (const [name, text] of Object.entries(blobs))
      await container.getBlockBlobClient(name).uploadData(Buffer.from(text));
    path = join(directory, 'migration.yaml');
    await writeFile(join(directory, 'units.csv'), 'id,folder\nA,a\nB,b\nC,c\nD,d\nE,d\n');
    await writeFile(
      path,
      `version: 1
name: planned
units: { from: units.csv, id: "{{ id }}" }
accounts:
  east: { endpoint: "${east.url.replace(/\/$/, '')}", credential: prodeast }
find:
  - { account: east, container: planned, prefix: "{{ folder }}/", match: "*.log" }
  - { account: east, container: planned-empty, prefix: "{{ folder }}/" }
expect: { sequence: 'part-(\\d+)' }
transform: { decompress: none }
target:
  bucket: planned-bucket
  key: "{{ id }}.gz"
  region: us-east-1
  endpoint: "${stack.s3Endpoint}"
  forcePathStyle: true
`,
    );
    await s3.send(new CreateBucketCommand({ Bucket: 'planned-bucket' }));
  });
  afterAll(() => {
    s3.destroy();
  });

  it('finds exactly those, moves nothing, and start then fails exactly the units that it names', async () => {
    const plan = await runLonghaulJson<PlanDocument>(['plan', path, '--unclaimed', '-o', directory], stack.environment);
    expect(plan, plan.stderr).toMatchObject({ exitCode: 3 });
    const { document } = plan;
    expect(document).toMatchObject({
      ...{ name: 'planned', units: { total: 5, planned: 5 }, wouldFail: 2 },
      verdicts: { ready: { units: 3, blobs: 7 }, incomplete: { units: 1, blobs: 2 }, empty: { units: 1, blobs: 0 } },
      moved: { units: 3, blobs: 7 },
      unclaimed: {
        ...{ containers: 2, missingContainers: [], gone: 0, unknownUnits: 0 },
        claimed: { blobs: 7 },
        unclaimed: { blobs: 3 },
        twice: { blobs: 2 },
      },
    });
    const concerns = new Map(document.concerns.map(({ id, reasons }) => [id, reasons.join()]));
    expect([...concerns.keys()].sort()).toEqual(['B', 'C']);
    expect(concerns.get('B')).toContain('numbers are missing in the sequence: 2');
    expect(document.unclaimed?.firstTwice).toEqual([
      { blob: 'east/planned/d/part-1.log', units: ['D', 'E'] },
      { blob: 'east/planned/d/part-2.log', units: ['D', 'E'] },
    ]);
    const strays = document.unclaimed?.shapes.flatMap(({ first }) => first);
    expect([...(strays ?? [])].sort()).toEqual(['a/part-4.log.tmp', 'old/2019/07/03.log', 'old/2019/07/04.log']);
    const listed = (await readFile(join(directory, 'plan-unclaimed.csv'), 'utf8')).trimEnd().split('\r\n').slice(1);
    expect(listed.map((line) => line.split(',')[2]).sort()).toEqual(
      ['a/part-4.log.tmp', 'd/part-1.log', 'd/part-2.log', 'old/2019/07/03.log', 'old/2019/07/04.log'].sort(),
    );
    const { Contents: kept = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'planned-bucket' }));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter(({ Key = '' }) => !Key.startsWith('.longhaul/planned/plan/'))).toEqual([]);

    const start = await runLonghaulJson(['start', path, '--watch'], stack.environment);
    expect(start, start.stderr).toMatchObject({ exitCode: 3, document: { units: { done: 3, failed: 2 } } });
    const receipts = await readReceipts(s3, 'planned-bucket', 'planned');
    const failed = receipts.filter(({ state }) => state === 'failed');
    expect(failed.map(({ id }) => id).sort()).toEqual(['B', 'C']);
  });
});
