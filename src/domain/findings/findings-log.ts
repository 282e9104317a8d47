import { addFindings, noFindings, type Findings } from './findings.js';

/**
 * What one attempt at a unit notices, blob by blob; it never holds more than the manifest does. It can tell what
 * concerns the blobs before a checkpoint's position: the rest is noticed again by the attempt that resumes there.
 */
export class FindingsLog {
  #before: Findings = noFindings;
  #later: { readonly blob: number; readonly findings: Findings }[] = [];
  #skipped = 0;

  /** Starts again, with what a checkpoint says about the blobs before its position. */
  begin(before: Findings = noFindings): void {
    this.#before = before;
    this.#later = [];
    this.#skipped = before.skipped.length;
  }

  /** Adds what was noticed about a blob, by its position in the manifest; positions only grow. */
  add(blob: number, findings: Partial<Findings>): void {
    this.#skipped += findings.skipped?.length ?? 0;
    this.#later.push({ blob, findings: { ...noFindings, ...findings } });
  }

  /** Adds what does not concern a single blob. */
  note(text: string): void {
    this.#before = addFindings(this.#before, { ...noFindings, notes: [text] });
  }

  /** Returns what was noticed about the blobs before this position; from call to call, positions only grow. */
  before(blob: number): Findings {
    const known = this.#later.findIndex((entry) => entry.blob >= blob);
    const folded = this.#later.splice(0, known === -1 ? this.#later.length : known);
    this.#before = folded.reduce((sum, { findings }) => addFindings(sum, findings), this.#before);
    return this.#before;
  }

  /** Number of blobs that were skipped. */
  get skippedBlobs(): number {
    return this.#skipped;
  }

  /** Everything that was noticed. */
  get all(): Findings {
    return this.#later.reduce((sum, { findings }) => addFindings(sum, findings), this.#before);
  }
}
