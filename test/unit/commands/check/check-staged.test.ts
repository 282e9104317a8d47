import { describe, expect, it } from 'vitest';
import { checkStaged } from '../../../../src/commands/check/check-staged.js';
import type { CommandContext } from '../../../../src/commands/ports/context.js';
import { controlKeys } from '../../../../src/control/control-keys.js';
import { recordJson } from '../../../../src/control/stored-record.js';
import { definitionDigest } from '../../../../src/definition/definition-digest.js';
import type { Definition } from '../../../../src/domain/definition.js';
import { Failure } from '../../../../src/domain/failure.js';
import { planLayout } from '../../../../src/domain/layout.js';
import type { MigrationRecord } from '../../../../src/domain/stored/migration-record.js';
import { MemoryControlStore } from '../../../support/fakes/memory-control-store.js';
import { smallDefinition } from '../../../support/fakes/memory-migration.js';
import { fakeContext } from '../fake-context.js';

const definition = smallDefinition();
const base = `.longhaul/${definition.name}`;
const spooled = { unitsDigest: 'u'.repeat(64), layout: planLayout(3) };
const file = { path: 'migration.yaml', definition };
const about = { id: 'file/staged', what: `what is staged as ${definition.name}` };

/** Checks the file against a store in which a round is staged that differs from it. */
async function check(
  there: Partial<MigrationRecord> | undefined,
  {
    units = spooled,
    round = 0,
    stores = {},
  }: {
    readonly units?: typeof spooled | undefined;
    readonly round?: number;
    readonly stores?: Partial<CommandContext['stores']>;
  } = {},
) {
  const control = new MemoryControlStore();
  for (let each = 0; there !== undefined && each <= round; each += 1) {
    const record: MigrationRecord = {
      ...{ format: 1, name: definition.name, id: 'i', round: each, definition, ...spooled, version: '1.2.3' },
      ...{ definitionDigest: definitionDigest(definition), stagedAt: '2026-01-02T03:04:05.000Z', ...there },
    };
    control.objects.set(controlKeys.migration(base, each), Buffer.from(recordJson.bytes(record)));
  }
  const context = fakeContext();
  const ports = { ...context.stores, openControl: async () => control, ...stores };
  return await checkStaged({ ...context, stores: ports }, file, { spooled: units });
}

const otherKey: Definition = { ...definition, target: { ...definition.target, key: 'other/{{ id }}.gz' } };
const changedKey = { definition: otherKey, definitionDigest: definitionDigest(otherKey) };

describe('what is staged under the name of a migration', () => {
  it('may be nothing, or the same definition and units', async () => {
    expect(await check(undefined)).toEqual({ ...about, verdict: 'ok', message: 'nothing yet' });
    expect(await check({})).toEqual({ ...about, verdict: 'ok', message: 'this migration' });
    expect(await check({}, { round: 2 })).toEqual({ ...about, verdict: 'ok', message: 'this migration (round 2)' });
  });

  it('may differ in what start takes over', async () => {
    const slower = { ...definition, speed: { ...definition.speed, unitsInFlight: 3 } };
    const { verdict, message } = await check({ definition: slower });
    expect(verdict).toBe('ok');
    expect(message).toMatch(/^this migration, which continues with these changes:\n {2}speed.unitsInFlight: 3 → /);
  });

  it('must not be another definition, also where the units cannot be read', async () => {
    for (const units of [spooled, undefined]) {
      const probe = await check(changedKey, { units });
      expect(probe).toMatchObject({ ...about, verdict: 'failed', class: 'ConfigError/Changed' });
      expect(probe.message).toMatch(/^another definition or other units, so that start refuses this file:\n/);
      expect(probe.message).toContain('  target.key: "other/{{ id }}.gz" → ');
      expect(probe.fix).toContain('`longhaul start migration.yaml --again`');
    }
  });

  it('must not be other units, whose numbers and digests are named', async () => {
    const { verdict, message } = await check({ unitsDigest: 'd'.repeat(64), layout: planLayout(2) });
    expect(verdict).toBe('failed');
    expect(message).toContain('"2 units, digest dddddddddddd" → "3 units, digest uuuuuuuuuuuu"');
    const later = { unitsDigest: 'd'.repeat(64), fileDigest: spooled.unitsDigest };
    expect(await check(later, { round: 1 })).toMatchObject({ verdict: 'ok' });
  });

  it('is not checked where the store refuses, which other probes tell, and fails where it is damaged', async () => {
    const refused = new Failure('TargetForbidden', 'read: 403');
    const openControl = (): Promise<never> => Promise.reject(refused);
    expect(await check({}, { stores: { openControl } })).toMatchObject({ verdict: 'unchecked', message: 'read: 403' });
    expect(await check({ name: 'another' })).toMatchObject({ verdict: 'failed', class: 'LedgerMismatch' });
    const defect = (): Promise<never> => Promise.reject(new TypeError('x is undefined'));
    await expect(check({}, { stores: { openControl: defect } })).rejects.toThrow('x is undefined');
  });
});
