/** The headers of an answer, which are read one by one: most of them are never asked for. */
export class RawHeaders {
  /** `raw` are names and values in turn, as they arrived. */
  constructor(private readonly raw: readonly Buffer[]) {}

  /** Returns the first value of a header, whose name is given in lower case. */
  get(name: string): string | undefined {
    for (let at = 0; at + 1 < this.raw.length; at += 2)
      if (this.raw[at]?.length === name.length && this.#text(at).toLowerCase() === name) return this.#text(at + 1);
    return undefined;
  }

  /** Returns all of them, by their names in lower case. */
  all(): Readonly<Record<string, string>> {
    const all: Record<string, string> = {};
    for (let at = 0; at + 1 < this.raw.length; at += 2) all[this.#text(at).toLowerCase()] ??= this.#text(at + 1);
    return all;
  }

  #text(at: number): string {
    const bytes = this.raw[at];
    return bytes === undefined ? '' : bytes.toString('latin1');
  }
}
