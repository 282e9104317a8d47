import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../../../src/domain/receipt.js';
import type { StagedUnit } from '../../../../src/domain/unit.js';
import { attemptUnit } from '../../../support/fakes/attempts.js';
import { MemoryMigration, sha256, smallDefinition } from '../../../support/fakes/memory-migration.js';

const key = 'orders/unit-0.gz';
const policies = ['never', 'changed', 'always'] as const;
type Policy = (typeof policies)[number];

/** A unit that a first round has moved. */
async function firstRound(overwrite: Policy) {
  const definition = smallDefinition({ target: { overwrite } });
  const migration = new MemoryMigration({ units: 1, definition });
  migration.addBlob(0, 'a', 'one ');
  migration.addBlob(0, 'b', 'two ');
  return { migration, first: await attemptUnit(migration) };
}

/** The unit as `start --again` stages it. */
function stagedAgain({ unit }: MemoryMigration, { state, target, manifest, bytes, raw }: Receipt): StagedUnit {
  const previous = { etag: target!.etag, manifest: manifest!.digest, rawBytes: bytes.raw, ...raw! };
  return { ...unit, earlier: state, previous };
}

/** What happens between the rounds, what each policy decides, and what the object then holds. */
const changes: readonly {
  readonly what: string;
  readonly change: (migration: MemoryMigration) => unknown;
  readonly outcomes: Readonly<Record<Policy, string>>;
  readonly content: string;
}[] = [
  {
    what: 'nothing',
    change: () => undefined,
    outcomes: { never: 'found', changed: 'found', always: 'found' },
    content: 'one two ',
  },
  {
    what: 'a blob that changed',
    change: (migration) => migration.addBlob(0, 'b', 'TWO '),
    outcomes: { never: 'TargetConflict', changed: 'done', always: 'done' },
    content: 'one TWO ',
  },
  {
    what: 'a blob that was added',
    change: (migration) => migration.addBlob(0, 'c', 'three '),
    outcomes: { never: 'TargetConflict', changed: 'done', always: 'done' },
    content: 'one two three ',
  },
  {
    what: 'a blob that was deleted',
    change: ({ source }) => source.remove({ account: 'east', container: 'events', name: 'unit-0/a' }),
    outcomes: { never: 'TargetConflict', changed: 'done', always: 'done' },
    content: 'two ',
  },
  {
    what: 'an object that was deleted',
    change: ({ target }) => target.objects.delete(key),
    outcomes: { never: 'done', changed: 'done', always: 'done' },
    content: 'one two ',
  },
  {
    what: 'an object that somebody else replaced',
    change: ({ target }) => {
      const object = target.objects.get(key)!;
      target.objects.set(key, { ...object, etag: '"theirs"', metadata: {} });
    },
    outcomes: { never: 'TargetConflict', changed: 'TargetConflict', always: 'done' },
    content: 'one two ',
  },
];

describe.each(policies)('a later round under overwrite: %s', (overwrite) => {
  it.each(changes)('decides about $what, and its receipt says what was compared', async (row) => {
    const { migration, first } = await firstRound(overwrite);
    row.change(migration);
    const before = migration.target.objects.get(key);
    const reads = migration.source.requests.count('open');

    const second = await attemptUnit(migration, { unit: stagedAgain(migration, first) });

    const outcome = row.outcomes[overwrite];
    expect(second.class ?? second.state).toBe(outcome);
    expect(second.earlier).toBe('done');
    if (outcome === 'TargetConflict') {
      expect(migration.target.objects.get(key)).toBe(before);
      return;
    }
    expect(migration.published).toEqual({ [key]: sha256(row.content) });
    expect(second.compared).toEqual({
      earlier: { etag: first.target!.etag, manifest: first.manifest!.digest },
      etag: before?.etag ?? null,
      ...(outcome === 'found' && { proof: 'receipt' }),
    });
    if (outcome === 'found') expect(migration.source.requests.count('open')).toBe(reads);
  });

  it('leaves the object of a unit whose blobs are all gone, and fails the unit', async () => {
    const { migration, first } = await firstRound(overwrite);
    for (const name of ['a', 'b'])
      migration.source.remove({ account: 'east', container: 'events', name: `unit-0/${name}` });
    const second = await attemptUnit(migration, { unit: stagedAgain(migration, first) });
    expect(second).toMatchObject({ state: 'failed', class: 'EmptyUnit', earlier: 'done' });
    expect(migration.published).toEqual({ [key]: sha256('one two ') });
  });

  it('moves a unit whose line was added, and has nothing to compare', async () => {
    const { migration, first } = await firstRound(overwrite);
    expect(first).toMatchObject({ state: 'done' });
    expect(first).not.toHaveProperty('compared');
    expect(migration.published).toEqual({ [key]: sha256('one two ') });
  });
});
