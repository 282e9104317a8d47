import type { Shape } from '../shapes/shape.js';
import type { ContainerSeen } from './explore-request.js';
import type { MoreContainers } from './exploration.js';
import type { BytesFormat } from './format-of.js';

/** A shape, and the formats of some of its blobs. */
export interface ExploredShape extends Shape {
  /** Empty if no blob could be read, or none was. */
  readonly formats: readonly BytesFormat[];
}

/** All that was seen of an account. Below 1 MB as JSON. */
export interface Explored {
  readonly blobs: number;
  readonly bytes: number;
  /** Those with the most blobs, in order of their names. */
  readonly containers: readonly ContainerSeen[];
  readonly moreContainers: MoreContainers;
  /** Those with the most blobs first. */
  readonly shapes: readonly ExploredShape[];
  /** The sum of all other shapes; null if there are none. */
  readonly moreShapes: { readonly shapes: number; readonly blobs: number; readonly bytes: number } | null;
}
