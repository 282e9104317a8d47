import type { Explored } from '../../../explore/explored.js';
import type { ExploreRequest } from '../../../explore/explore-request.js';
import { shapeText } from '../../../shapes/shape-text.js';
import type { ProposedShape } from './propose.js';

/** The units file that was written. */
export interface WrittenUnits {
  readonly path: string;
  readonly shape: number;
  readonly columns: readonly string[];
  readonly units: number;
}

/** Returns the document of `explore --json`. */
export function exploredDocument(
  { account, container, prefix }: ExploreRequest,
  explored: Explored,
  { proposed, written }: { readonly proposed: readonly ProposedShape[]; readonly written: WrittenUnits | null },
): unknown {
  const { blobs, bytes, containers, moreContainers, moreShapes } = explored;
  return {
    account: account.name,
    endpoint: account.definition.endpoint,
    container: container ?? null,
    prefix,
    ...{ blobs, bytes, containers },
    moreContainers: moreContainers.containers === 0 ? null : moreContainers,
    shapes: proposed.map(({ number, shape, find, yaml }) => ({
      number,
      shape: shapeText(shape.elements),
      blobs: shape.blobs,
      bytes: { total: shape.bytes, median: shape.medianBytes, largest: shape.largestBytes },
      emptyBlobs: shape.emptyBlobs,
      ...{ dates: shape.dates, sequence: shape.sequence, formats: shape.formats, elements: shape.elements },
      examples: shape.samples.map((sample) => `${sample.container}/${sample.name}`),
      columns: find.columns,
      yaml,
    })),
    moreShapes,
    units: written,
  };
}
