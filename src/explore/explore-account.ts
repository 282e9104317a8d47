import { findShapes } from '../shapes/find-shapes.js';
import type { Shape } from '../shapes/shape.js';
import type { Exploration } from './exploration.js';
import type { Explored, ExploredShape } from './explored.js';
import type { ExploredSource } from './explored-source.js';
import type { ExploreRequest } from './explore-request.js';
import { readFormats } from './read-formats.js';
import { walkAccount } from './walk-account.js';
import type { WalkLimits } from './walk-limits.js';

/** What {@link exploreAccount} runs with. */
export interface ExploreRun {
  /** Where to begin; it is brought up to date as the walk goes on. */
  readonly exploration: Exploration;
  readonly signal: AbortSignal;
  /** Called after each page. */
  readonly onStep: () => void;
  readonly limits?: WalkLimits;
}

/** Explores an account and sums up what it has: its containers, and the shapes of the names in them. */
export async function exploreAccount(
  source: ExploredSource,
  request: ExploreRequest,
  { exploration, signal, onStep, limits }: ExploreRun,
): Promise<Explored> {
  const { position } = exploration;
  const walk = { position, signal, ...(limits !== undefined && { limits }) };
  for await (const step of walkAccount(source, request, walk)) {
    exploration.add(step);
    onStep();
  }
  const { containers, more, progress } = exploration;
  const isSampled = more.sampled > 0 || containers.some(({ sample }) => sample !== null);
  const all = findShapes(exploration.table);
  const shapes: ExploredShape[] = [];
  for (const shape of all.slice(0, shapesMax)) {
    const formats = await readFormats(source, request.account.name, shape.samples, signal);
    shapes.push({ ...(isSampled ? withoutClaims(shape) : shape), formats });
  }
  return bounded({
    ...{ blobs: progress.blobs, bytes: progress.bytes },
    containers: [...containers].sort((a, b) => (a.name < b.name ? -1 : 1)),
    moreContainers: more,
    shapes,
    moreShapes: sumOf(all.slice(shapesMax)),
  });
}

/** A sample proves nothing about gaps. */
function withoutClaims(shape: Shape): Shape {
  const dates = shape.dates === null ? null : { ...shape.dates, missing: null, firstMissing: [] };
  return { ...shape, sequence: null, dates };
}

// Each takes a few reads for its format; nobody writes a migration with more.
const shapesMax = 50;
// Temporal refuses payloads above 2 MB. The SDK's own codec, and one that encrypts, need room as well.
const resultLengthMax = 1_000_000;

/** Leaves out the smallest shapes until the rest fits, and says so. */
function bounded(explored: Explored): Explored {
  let current = explored;
  while (JSON.stringify(current).length > resultLengthMax && current.shapes.length > 0) {
    const last = current.shapes.slice(-1);
    const more = [...last, ...(current.moreShapes === null ? [] : [current.moreShapes])];
    const shapes = 1 + (current.moreShapes?.shapes ?? 0);
    current = {
      ...current,
      shapes: current.shapes.slice(0, -1),
      moreShapes: {
        shapes,
        blobs: more.reduce((sum, { blobs }) => sum + blobs, 0),
        bytes: more.reduce((sum, { bytes }) => sum + bytes, 0),
      },
    };
  }
  return current;
}

function sumOf(shapes: readonly Shape[]): Explored['moreShapes'] {
  if (shapes.length === 0) return null;
  return {
    shapes: shapes.length,
    blobs: shapes.reduce((sum, { blobs }) => sum + blobs, 0),
    bytes: shapes.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
