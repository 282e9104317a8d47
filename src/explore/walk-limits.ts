/** How much of a container is listed unless all of it is asked for, and how the rest is sampled. */
export interface WalkLimits {
  /** Pages of 5,000 blobs from the first name on: 1,000,000 blobs, in a minute or so. */
  readonly pagesMax: number;
  /** Folders over the whole breadth of the rest. */
  readonly sampleFolders: number;
  /** Pages of each of them. */
  readonly samplePages: number;
}

/** The limits that users see. */
export const walkLimits: WalkLimits = { pagesMax: 200, sampleFolders: 24, samplePages: 5 };

/** Folders deeper than this say little about the breadth of a container. */
export const foldersDepthMax = 5;
/** Folders of one level that are looked at; those of more are told as so many at least. */
export const foldersMax = 20_000;
