/**
 * Gives places to units that wait for a store which asked for fewer requests. They take long, and would take every
 * place in the process one by one; so they get some of the places, and the others stay free for other stores.
 */
export class ThrottledUnits {
  #inFlight = 0;
  /** Units in flight, by the slice that they belong to. */
  readonly #slices = new Map<object, number>();

  constructor(readonly max: { readonly units: number; readonly slices: number }) {}

  /** Reports whether a unit of the slice may begin. */
  hasRoom(slice: object): boolean {
    if (this.#inFlight >= this.max.units) return false;
    return this.#slices.has(slice) || this.#slices.size < this.max.slices;
  }

  begin(slice: object): void {
    this.#inFlight += 1;
    this.#slices.set(slice, (this.#slices.get(slice) ?? 0) + 1);
  }

  end(slice: object): void {
    this.#inFlight -= 1;
    const left = (this.#slices.get(slice) ?? 1) - 1;
    if (left === 0) this.#slices.delete(slice);
    else this.#slices.set(slice, left);
  }
}
