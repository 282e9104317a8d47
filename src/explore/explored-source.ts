import type { BlobPlace, BlobSource, PageStart } from '../pipeline/source/blob-source.js';

/** One page of names. */
export interface NamePage {
  readonly names: readonly string[];
  /** Where the next page begins; undefined after the last. */
  readonly next: PageStart | undefined;
}

/**
 * A source whose accounts can be explored. Each call makes one request and never retries; errors are those of a {@link
 * BlobSource}.
 */
export interface ExploredSource extends Pick<BlobSource, 'listPage' | 'open'> {
  /** Returns the containers of an account in order of their names, page by page. */
  listContainers(account: string, from: PageStart, signal: AbortSignal): Promise<NamePage>;
  /**
   * Returns the folders right below a prefix, page by page: each is the prefix and what follows it up to the next
   * slash. A missing container is `SourceMissing`.
   */
  listFolders(place: BlobPlace, from: PageStart, signal: AbortSignal): Promise<NamePage>;
}
