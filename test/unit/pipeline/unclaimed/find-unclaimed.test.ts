import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readUnclaimed } from '../../../../src/control/plan/stored-unclaimed.js';
import { Failure } from '../../../../src/domain/failure.js';
import { findUnclaimed, type UnclaimedProgress } from '../../../../src/pipeline/unclaimed/find-unclaimed.js';
import { prefixLookup, smallDefinition, type MemoryMigrationOptions } from '../../../support/fakes/memory-migration.js';
import { memoryPlan } from '../../../support/fakes/memory-plan.js';

const { signal } = new AbortController();
let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'longhaul-test-'));
  vi.stubEnv('TMPDIR', temporary);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true });
});

/** A plan of which all units have been looked at once `look` has been called. */
function planOf(options: MemoryMigrationOptions) {
  const plan = memoryPlan(options);
  const seen: UnclaimedProgress[] = [];
  const find = () => findUnclaimed({ ...plan.resources, signal, progress: (progress) => seen.push(progress) });
  return { ...plan, find, seen, record: () => readUnclaimed(plan.round, signal) };
}

describe('finding unclaimed blobs', () => {
  it('reports in each container what no unit claims and what several do', async () => {
    const shared = prefixLookup({ prefix: 'shared/', container: 'more' });
    const { migration, look, find, findings, record, seen } = planOf({
      units: 2,
      lookups: (unit) => [prefixLookup({ prefix: `${unit.id}/` }), shared],
    });
    for (const unit of [0, 1]) migration.addBlob(unit, 'a', 'claimed');
    const stray = { account: 'east', container: 'events', name: 'stray/2019/07/03.log' };
    migration.source.add(stray, 'stray');
    migration.source.add({ account: 'east', container: 'more', name: 'shared/a' }, 'both');
    await look();
    await find();
    const { 'east/events': events, 'east/more': more, ...others } = await findings();
    expect(others).toEqual({});
    expect(events).toMatchObject({
      ...{ claimed: { blobs: 2, bytes: 14 }, unclaimed: { blobs: 1, bytes: 5 }, twice: { blobs: 0 }, gone: 0 },
      shapes: [{ blobs: 1, bytes: 5, first: [stray.name] }],
    });
    expect(more).toMatchObject({
      ...{ claimed: { blobs: 1 }, unclaimed: { blobs: 0 }, twice: { blobs: 1, bytes: 4 }, shapes: [] },
      firstTwice: [{ name: 'shared/a', units: [0, 1] }],
    });
    expect(await record()).toMatchObject({ containers: 2, unknownUnits: 0 });
    const list = migration.control.objects.get(events?.list ?? '');
    expect(JSON.parse(gunzipSync(list ?? Buffer.alloc(0)).toString())).toMatchObject({ name: stray.name, units: [] });
    expect(seen.at(-1)).toEqual({ phase: 'listing containers', claims: 4, containers: 2, of: 2, listed: 4 });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('counts the blobs of an incomplete unit as claimed, and the units whose blobs are not known', async () => {
    const definition = smallDefinition({ limits: { unitBlobs: 2 } });
    const { migration, look, find, findings, record } = planOf({ units: 2, definition, expect: () => ({ blobs: 1 }) });
    for (const name of ['a', 'b']) migration.addBlob(0, name, '1');
    for (const name of ['a', 'b', 'c']) migration.addBlob(1, name, '1');
    await look();
    await find();
    expect((await findings())['east/events']).toMatchObject({ claimed: { blobs: 2 }, unclaimed: { blobs: 3 } });
    expect((await record())?.unknownUnits).toBe(1);
  });

  it('names a container that does not exist, and blobs that have gone since', async () => {
    const lost = { ...prefixLookup({ prefix: '', container: 'lost' }), optional: true };
    const { migration, look, find, findings } = planOf({
      units: 1,
      lookups: () => [prefixLookup({ prefix: 'unit-0/' }), lost],
    });
    const blob = migration.addBlob(0, 'a', '1');
    await look();
    migration.source.remove(blob);
    await find();
    const { 'east/lost': missing, 'east/events': events } = await findings();
    expect(missing).toMatchObject({ isMissing: true, claimed: { blobs: 0 } });
    expect(events).toMatchObject({ gone: 1, firstGone: ['unit-0/a'] });
    expect(events).not.toHaveProperty('isMissing');
  });

  it('continues with the container that it was at when an attempt ended', async () => {
    const { migration, look, find, findings, record } = planOf({
      units: 1,
      lookups: () => [prefixLookup({ prefix: '' }), prefixLookup({ prefix: '', account: 'west' })],
    });
    await look();
    migration.source.requests.hook = ({ kind, name }) =>
      kind === 'list' && name.startsWith('west/')
        ? { failure: new Failure('SourceForbidden', 'the account says no', { what: 'account west' }) }
        : undefined;
    await expect(find()).rejects.toMatchObject({ failureClass: 'SourceForbidden' });
    expect(await record()).toBeUndefined();
    expect(Object.keys(await findings())).toEqual(['east/events']);
    migration.source.requests.hook = undefined;
    migration.source.requests.log.length = 0;
    await find();
    expect(migration.source.requests.log.map(({ name }) => name)).toEqual(['west/events/']);
    expect(Object.keys(await findings()).sort()).toEqual(['east/events', 'west/events']);
  });
});
