import type { PageStart } from '../pipeline/source/blob-source.js';

/** Where a walk through an account is, as plain JSON. */
export interface WalkPosition {
  /** Undefined before the first container. */
  readonly container?: ContainerPosition;
}

/** Where a walk through a container is. */
export interface ContainerPosition {
  readonly name: string;
  /** Pages listed so far of what is being listed. */
  readonly pages: number;
  /** The page to list next; undefined when what is being listed has been. */
  readonly from: PageStart | undefined;
  /** The last name that was listed from the first name on. */
  readonly lastName: string;
  /** Set while the rest is sampled. */
  readonly sample?: SamplePosition;
}

/** Where a sample is. */
export interface SamplePosition {
  readonly folders: readonly string[];
  readonly ofFolders: number;
  /** Which of them is being listed. */
  readonly at: number;
}
