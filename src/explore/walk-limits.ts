/** How much of a container is listed unless all of it is asked for, and how the rest is sampled. */
export interface WalkLimits {
  /** Pages of 5,000 blobs from the first name on: 1,000,000 blobs, in a minute or so. */
  readonly pagesMax: number;
  /** Folders across the rest of the container. */
  readonly sampleFolders: number;
  /** Pages of each of them. */
  readonly samplePages: number;
}

/** The limits that users see. */
export const walkLimits: WalkLimits = { pagesMax: 200, sampleFolders: 24, samplePages: 5 };

/** Folders deeper than this say little about the container as a whole. */
export const foldersDepthMax = 5;
/** Folders of one level that are looked at; if there are more, this number is reported as a minimum. */
export const foldersMax = 20_000;
