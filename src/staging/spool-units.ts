import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Definition } from '../domain/definition.js';
import { planLayout, type Layout } from '../domain/layout.js';
import type { StagedUnit } from '../domain/unit.js';
import type { DefinitionFile } from '../definition/parse-definition.js';
import type { BadLine, UnitLine } from '../definition/units/unit-line.js';
import type { BucketOptions } from './name-buckets.js';
import { collisionProblems } from './collision-problems.js';
import { NameIndex } from './name-index.js';
import { withEarlierProblems } from './with-earlier-problems.js';
import { renderUnits } from './render-units.js';
import { onDisk, SpoolFile } from './spool-file.js';
import { problemsTold, UnitProblems, unitsFailure, type UnitProblem } from './unit-problems.js';

/** How far staging has come. */
export interface StagingProgress {
  /** Units read. */
  readonly units: number;
  /** Slices written. */
  readonly slices: number;
}

/** What staging works on. */
export interface SpoolRequest {
  readonly definition: Definition;
  readonly units: AsyncIterable<UnitLine | BadLine>;
  /** The migration file, to show where in it a problem is. */
  readonly file?: Omit<DefinitionFile, 'definition'> | undefined;
  readonly signal: AbortSignal;
  readonly progress?: ((progress: StagingProgress) => void) | undefined;
  /** Folder for temporary files; default: the system's. */
  readonly temporaryDirectory?: string | undefined;
  readonly buckets?: BucketOptions | undefined;
  readonly unitsMax?: number;
  /** Called with each unit, in order. */
  readonly seen?: (unit: StagedUnit) => Promise<void>;
}

/** All units, rendered and checked, in a temporary file. Call {@link remove} at the end. */
export interface SpooledUnits {
  /** SHA-256, hex, of all staged lines in order. */
  readonly unitsDigest: string;
  readonly layout: Layout;
  /** Yields the staged lines in order, without their line ends. */
  lines(): AsyncIterable<string>;
  /** Yields the bytes of the staged lines, in blocks of any size. */
  blocks(): AsyncIterable<Buffer>;
  remove(): Promise<void>;
}

/**
 * Renders all units into a temporary file, in bounded memory. Fails if any of them are wrong or collide, with one
 * `Failure` of class `ConfigError` or a subclass that lists them all.
 */
export async function spoolUnits(request: SpoolRequest): Promise<SpooledUnits> {
  const parent = join(request.temporaryDirectory ?? tmpdir(), 'longhaul-staging-');
  const directory = await onDisk(parent, () => mkdtemp(parent));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    return { ...(await fillSpool(request, directory)), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function fillSpool(request: SpoolRequest, directory: string): Promise<Omit<SpooledUnits, 'remove'>> {
  const digest = createHash('sha256');
  const spool = await SpoolFile.create(join(directory, 'units.ndjson'), (bytes) => digest.update(bytes));
  const names = new NameIndex(directory, request.buckets);
  const problems = new UnitProblems<UnitProblem>();
  let units = 0;
  try {
    const rendered = renderUnits({ ...request, problems });
    for await (const { unit, line } of withEarlierProblems(rendered, problems)) {
      await spool.add(JSON.stringify(unit));
      await names.add(unit, line);
      await request.seen?.(unit);
      units = unit.index + 1;
      if (units % unitsPerReport === 0) {
        request.signal.throwIfAborted();
        request.progress?.({ units, slices: 0 });
      }
    }
    await spool.flush();
    await refuse({ spool, names, problems, from: request.definition.units.from });
  } finally {
    await names.close();
    await spool.close();
  }
  request.progress?.({ units, slices: 0 });
  return {
    ...{ unitsDigest: digest.digest('hex'), layout: planLayout(units) },
    ...{ lines: () => spool.lines(), blocks: () => spool.blocks() },
  };
}

// Between two reports of progress, and between two checks of the signal.
const unitsPerReport = 1_000;

async function refuse(found: {
  readonly spool: SpoolFile;
  readonly names: NameIndex;
  readonly problems: UnitProblems<UnitProblem>;
  readonly from: string;
}): Promise<void> {
  const collisions = await found.names.collisions();
  const count = found.problems.count + collisions.count;
  if (count === 0) return;
  const told = [...found.problems.first, ...(await collisionProblems(collisions.first, found.spool, found.from))];
  throw unitsFailure(told.toSorted((a, b) => a.line - b.line).slice(0, problemsTold), count);
}
