import type { StagedUnit } from '../domain/unit.js';
import type { Collision, UnitPlace } from './find-collisions.js';
import type { SpoolFile } from './spool-file.js';
import type { UnitProblem } from './unit-problems.js';

/** Describes collisions with the ids and keys of both units, which are looked up in the spool. */
export async function collisionProblems(
  collisions: readonly Collision[],
  spool: Pick<SpoolFile, 'lines'>,
  from: string,
): Promise<readonly UnitProblem[]> {
  const units = await findUnits(new Set(collisions.flatMap(({ first, second }) => [first.index, second.index])), spool);
  return collisions.map((collision) => describe(collision, units, from));
}

async function findUnits(
  indexes: ReadonlySet<number>,
  spool: Pick<SpoolFile, 'lines'>,
): Promise<ReadonlyMap<number, StagedUnit>> {
  const units = new Map<number, StagedUnit>();
  if (indexes.size === 0) return units;
  for await (const line of spool.lines()) {
    // The start of the line rules out all but a few of millions.
    const index = Number.parseInt(line.slice(indexStart), 10);
    if (indexes.has(index)) units.set(index, JSON.parse(line) as StagedUnit);
    if (units.size === indexes.size) break;
  }
  return units;
}

const indexStart = '{"index":'.length;

function describe(
  { kind, first, second }: Collision,
  units: ReadonlyMap<number, StagedUnit>,
  from: string,
): UnitProblem {
  const place = ({ line }: UnitPlace): string => `${from}:${String(line)}`;
  const id = ({ index }: UnitPlace): string => JSON.stringify(units.get(index)?.id);
  const key = ({ index }: UnitPlace): string => JSON.stringify(units.get(index)?.key);
  switch (kind) {
    case 'same-id':
      return {
        line: second.line,
        failureClass: 'ConfigError',
        text:
          `${place(second)}: its id ${id(second)} is also that of ${place(first)}; ` +
          'make units.id differ for every line',
      };
    case 'same-key':
      return {
        line: second.line,
        failureClass: 'ConfigError/KeyCollision',
        text: `${place(second)}: unit ${id(second)} has the key ${key(second)} of unit ${id(first)} (${place(first)})`,
      };
    case 'key-is-folder':
      return {
        line: Math.max(first.line, second.line),
        failureClass: 'ConfigError/KeyCollision',
        text:
          `${place(first)}: the key ${key(first)} of unit ${id(first)} is a folder of ${key(second)}, ` +
          `the key of unit ${id(second)} (${place(second)})`,
      };
  }
}
