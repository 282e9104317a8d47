import { describe, expect, it } from 'vitest';
import { settled } from '../../../../src/flow/settled.js';
import { Flag } from '../../../support/fakes/flag.js';
import { MemoryMigration, sha256, smallDefinition } from '../../../support/fakes/memory-migration.js';
import { MemoryProcess, type ProcessStep } from '../../../support/fakes/memory-process.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

useScaledTime(200);

const MiB = 1024 * 1024;

describe('an attempt that sleeps while its slice is taken over and a blob changes', () => {
  it.each([
    ['before it looks at the target', 'target.head', 1 * MiB],
    ['before it puts', 'target.put', 100],
    ['before it completes an upload', 'target.completeUpload', 10 * MiB],
    ['before it sends a part', 'target.uploadPart', 10 * MiB],
  ] as const)('%s, replaces nothing that its successor has published', async (_title, call, bytes) => {
    const migration = new MemoryMigration({
      units: 1,
      definition: smallDefinition({ transform: { level: 0 }, target: { overwrite: 'changed' } }),
    });
    migration.addBlob(0, 'a', Buffer.alloc(bytes, 'as it was '));
    const [asleep, woken] = [new Flag(), new Flag()];
    const sleeper = new MemoryProcess({}, (step: ProcessStep, self) => {
      if (step.call !== call || step.when !== 'before') return;
      self.hold(woken.raised);
      asleep.raise();
    });
    const sleeping = settled(sleeper.move(migration));
    await asleep.raised;
    const changed = Buffer.alloc(bytes, 'as it is now ');
    migration.addBlob(0, 'a', changed);
    expect(await new MemoryProcess({}).move(migration)).toMatchObject({ state: 'complete' });
    const etag = migration.target.objects.get('orders/unit-0.gz')?.etag;
    woken.raise();
    await sleeping;
    expect(migration.published).toEqual({ 'orders/unit-0.gz': sha256(changed) });
    expect(migration.receipts).toMatchObject([{ target: { etag } }]);
    expect(migration.target.objects.get('orders/unit-0.gz')?.etag).toBe(etag);
  });
});

it('an upload that another writer has made needless is left to the clean-up, by its checkpoint', async () => {
  const migration = new MemoryMigration({ units: 1, definition: smallDefinition({ transform: { level: 0 } }) });
  migration.addBlob(0, 'a', Buffer.alloc(10 * MiB, 'large'));
  let rival: Promise<unknown> | undefined;
  const process = new MemoryProcess({}, async ({ call, when }, self) => {
    if (call !== 'target.completeUpload' || when !== 'before' || rival !== undefined) return;
    // The other writer has not got the same upload, but makes the same object.
    const upload = migration.target.uploads.get('upload-1')!;
    const parts = [...upload.parts.values()].map(({ bytes }) => bytes);
    const twin = new MemoryMigration({ units: 1, definition: smallDefinition({ transform: { level: 0 } }) });
    twin.addBlob(0, 'a', Buffer.alloc(10 * MiB, 'large'));
    rival = new MemoryProcess({}).move(twin);
    await rival;
    migration.target.objects.set('orders/unit-0.gz', twin.target.objects.get('orders/unit-0.gz')!);
    expect(Buffer.concat(parts).equals(migration.target.objects.get('orders/unit-0.gz')!.bytes)).toBe(true);
    expect(self.dead).toBe(false);
  });
  expect(await process.move(migration)).toMatchObject({ state: 'complete', tally: { units: { found: 1 } } });
  expect(migration.target.uploads.has(migration.checkpoint(0).uploadId)).toBe(true);
});
