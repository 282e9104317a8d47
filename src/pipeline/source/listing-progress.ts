import { Failure } from '../../domain/failure.js';

// Azure may answer pages without a blob if very many were deleted, but not thousands in a row.
const emptyPagesMax = 1_000;

/** Detects a listing that does not advance; keeps one marker, however many pages there are. */
export class ListingProgress {
  readonly #doing: string;
  #pages = 0;
  #emptyPages = 0;
  #kept: string | undefined;
  #keepAgainAt = 1;

  constructor(doing: string) {
    this.#doing = doing;
  }

  /**
   * Takes note of a page and the marker after it. Throws `SourceListing` if a marker repeats or no blob comes for too
   * long.
   */
  note(page: { readonly blobs: number; readonly marker: string | undefined }): void {
    this.#pages += 1;
    this.#emptyPages = page.blobs === 0 ? this.#emptyPages + 1 : 0;
    if (this.#emptyPages >= emptyPagesMax)
      throw new Failure('SourceListing', `${this.#doing}: ${emptyPagesMax} pages in a row hold no blob`);
    if (page.marker === undefined) return;
    if (page.marker === this.#kept)
      throw new Failure('SourceListing', `${this.#doing}: the listing does not advance; its marker repeats`);
    // Brent's algorithm finds a cycle of any length: the marker to compare with is replaced after 1, 2, 4, 8, ...
    // pages.
    if (this.#pages < this.#keepAgainAt) return;
    this.#kept = page.marker;
    this.#keepAgainAt *= 2;
  }
}
