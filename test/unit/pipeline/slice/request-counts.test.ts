import { expect, it } from 'vitest';
import { MemoryMigration } from '../../../support/fakes/memory-migration.js';
import { MemoryProcess } from '../../../support/fakes/memory-process.js';
import { demo } from '../../../support/listings/naming-schemes.js';

it('takes no more requests for forty units of the demo than these', async () => {
  const { units, find, source } = demo(40);
  const migration = new MemoryMigration({
    units: units.length,
    lookups: find.lookups,
    stage: (unit) => ({ ...unit, fields: units[unit.index]?.fields ?? {} }),
  });
  const resources = { ...migration.resources, source };
  expect(await new MemoryProcess({}).move(migration, { resources })).toMatchObject({
    state: 'complete',
    tally: { units: { done: 40 }, blobs: { done: 473 } },
  });
  // Whoever adds a request here multiplies it by the units or the blobs of every migration.
  expect({
    source: counted(source.requests.log),
    target: counted(migration.target.requests.log),
    control: counted(migration.control.requests.log),
  }).toEqual({ source: { list: 5, open: 473 }, target: { put: 40 }, control: { read: 3, write: 2 } });
});

function counted(log: readonly { readonly kind: string }[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { kind } of log) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
