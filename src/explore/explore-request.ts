import type { AccountDefinition } from '../domain/definition.js';

/** What to explore. */
export interface ExploreRequest {
  /** The account and its name in the migration file. */
  readonly account: {
    readonly name: string;
    readonly definition: AccountDefinition;
    /** Whether to use the Azure identity chain if the credential is not set on the worker. */
    readonly orIdentity: boolean;
  };
  /** One container; all of the account if absent. */
  readonly container?: string;
  /** What names begin with; only with `container`. */
  readonly prefix: string;
  /** Whether to list every blob, however many there are. */
  readonly whole: boolean;
}

/** How far a container was listed. */
export interface Coverage {
  /** Blobs that were listed from the first name on. */
  readonly blobs: number;
  /** Folders in which more were listed, of how many. */
  readonly folders: number;
  readonly ofFolders: number;
}

/** What was seen of a container. */
export interface ContainerSeen {
  readonly name: string;
  readonly blobs: number;
  readonly bytes: number;
  /** Null if it was listed whole. */
  readonly sample: Coverage | null;
}
