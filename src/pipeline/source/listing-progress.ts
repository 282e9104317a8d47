import { Failure } from '../../domain/failure.js';
import type { BlobPlace } from './blob-source.js';

// Azure may answer pages without a blob if very many were deleted, but not thousands in a row.
const emptyPagesMax = 1_000;

/** Detects a listing that does not advance; keeps one marker, however many pages there are. */
export class ListingProgress {
  readonly #place: BlobPlace;
  #pages = 0;
  #emptyPages = 0;
  #kept: string | undefined;
  #keepAgainAt = 1;

  constructor(place: BlobPlace) {
    this.#place = place;
  }

  /**
   * Takes note of a page and the marker after it. Throws `SourceListing` if a marker repeats or no blob comes for too
   * long.
   */
  note(page: { readonly blobs: number; readonly marker: string | undefined }): void {
    this.#pages += 1;
    this.#emptyPages = page.blobs === 0 ? this.#emptyPages + 1 : 0;
    if (this.#emptyPages >= emptyPagesMax) throw this.#failure(`${emptyPagesMax} pages in a row hold no blob`);
    if (page.marker === undefined) return;
    if (page.marker === this.#kept) throw this.#failure('the listing does not advance; its marker repeats');
    // Brent's algorithm finds a cycle of any length: the marker to compare with is replaced after 1, 2, 4, 8, ...
    // pages.
    if (this.#pages < this.#keepAgainAt) return;
    this.#kept = page.marker;
    this.#keepAgainAt *= 2;
  }

  #failure(why: string): Failure {
    const { account, container, prefix } = this.#place;
    const text = `list ${account}/${container}/${prefix}: ${why}`;
    return new Failure('SourceListing', text, { what: `account ${account}` });
  }
}
