import { gunzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../../src/definition/parse-definition.js';
import { stageUnits } from '../../support/fakes/stage-units.js';
import { spoolUnits } from '../../../src/staging/spool-units.js';
import { controlKeys } from '../../../src/control/control-keys.js';
import { partitionSlices } from '../../../src/domain/layout.js';
import type { UnitLine } from '../../../src/definition/units/unit-line.js';
import type { StagedUnit } from '../../../src/domain/unit.js';

const definition = parseDefinition(
  `version: 1
name: orders
units: { from: units.csv, id: "{{ id }}" }
accounts: { east: { endpoint: https://east.example.com } }
find: [{ account: east, container: events, prefix: "{{ id }}" }]
target: { bucket: archive, key: "{{ key }}" }
`,
  'm.yaml',
);
const signal = new AbortController().signal;
// Small enough that buckets spill to disk with a few hundred units.
const buckets = { buckets: 5, gatheredBytes: 36 * 20 };

describe('staging', () => {
  it('puts each unit into exactly one slice, in order, whatever their number', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5_000 }),
        // Control characters are refused in ids.
        fc.string({ maxLength: 5, unit: 'binary' }).filter((salt) => !/\p{Control}/u.test(salt)),
        async (count, salt) => {
          const rows = Array.from({ length: count }, (_, index) => ({
            id: `${salt}#${String(index)}`,
            key: `k/${String(index)}`,
          }));
          const objects = new Map<string, Uint8Array>();
          const { unitsDigest, layout } = await stageUnits({
            definition,
            units: lines(rows),
            signal,
            buckets,
            base: 'c/orders',
            store: { overwrite: async (key, bytes) => void objects.set(key, bytes) },
          });
          const digest = createHash('sha256');
          const staged: StagedUnit[] = [];
          for (let partition = 0; partition < layout.partitions; partition += 1) {
            for (const slice of partitionSlices(layout, partition)) {
              const key = controlKeys.stagedSlice('c/orders', 0, unitsDigest, slice);
              const text = gunzipSync(objects.get(key)!).toString();
              digest.update(text);
              const units = text.trimEnd().split('\n');
              expect(units).toHaveLength(slice.units);
              staged.push(...units.map((unit) => JSON.parse(unit) as StagedUnit));
              objects.delete(key);
            }
          }
          expect(objects.size).toBe(0);
          expect(digest.digest('hex')).toBe(unitsDigest);
          expect(staged).toEqual(rows.map((fields, index) => ({ index, id: fields.id, key: fields.key, fields })));
        },
      ),
      { numRuns: 12 },
    );
  });

  it('finds every collision of ids and keys, and nothing else', async () => {
    const segment = fc.constantFrom('a', 'b', 'c', 'd.gz', 'é');
    const row = fc.record({
      id: fc.integer({ min: 0, max: 400 }).map(String),
      key: fc.array(segment, { minLength: 1, maxLength: 6 }).map((segments) => segments.join('/')),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 120 }), async (rows) => {
        expect(await problemsOf(rows)).toBe(expectedProblems(rows));
      }),
      { numRuns: 150 },
    );
  });

  it('finds two units that collide among thousands, in whatever bucket they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 3_000 }),
        fc.nat(),
        fc.nat(),
        fc.constantFrom('id', 'key', 'folder'),
        async (count, a, b, kind) => {
          const [first, second] = [a % count, b % count];
          fc.pre(first !== second);
          const rows = Array.from({ length: count }, (_, index) => ({
            id: `i${String(index)}`,
            key: `x/k${String(index)}`,
          }));
          if (kind === 'id') rows[second]!.id = rows[first]!.id;
          else rows[second]!.key = kind === 'key' ? rows[first]!.key : `${rows[first]!.key}/deep/er`;
          expect(await problemsOf(rows)).toBe(1);
        },
      ),
      { numRuns: 20 },
    );
  });
});

interface Row {
  readonly id: string;
  readonly key: string;
}

/** Returns how many problems staging reports; 0 if it succeeds. */
async function problemsOf(rows: readonly Row[]): Promise<number> {
  try {
    const spooled = await spoolUnits({ definition, units: lines(rows), signal, buckets });
    await spooled.remove();
    return 0;
  } catch (error) {
    const messages = (error as Error).message.split('\n');
    const more = /^and (\d+) more$/.exec(messages.at(-1) ?? '')?.[1];
    return more === undefined ? messages.length : messages.length - 1 + Number(more);
  }
}

/** The same by comparing names in memory. */
function expectedProblems(rows: readonly Row[]): number {
  const ids = new Set<string>();
  const owners = new Map<string, Row>();
  let problems = 0;
  for (const row of rows) {
    if (ids.has(row.id)) problems += 1;
    ids.add(row.id);
    const owner = owners.get(row.key);
    if (owner === undefined) owners.set(row.key, row);
    else if (owner.id !== row.id) problems += 1;
  }
  const folders = new Set(
    rows.flatMap(({ key }) => {
      const segments = key.split('/');
      return segments.slice(1).map((_, length) => segments.slice(0, length + 1).join('/'));
    }),
  );
  return problems + [...owners.keys()].filter((key) => folders.has(key)).length;
}

async function* lines(rows: readonly Row[]): AsyncGenerator<UnitLine> {
  for (const [index, row] of rows.entries()) yield { line: index + 2, fields: { ...row }, text: row.id };
}
