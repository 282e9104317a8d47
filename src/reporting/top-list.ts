/** Keeps the items with the highest values, highest first; of equal values, the item that came first. */
export class TopList<Item> {
  #items: readonly { readonly item: Item; readonly value: number }[] = [];

  constructor(readonly max: number) {}

  add(item: Item, value: number): void {
    const lowest = this.#items.length < this.max ? -Infinity : (this.#items.at(-1)?.value ?? Infinity);
    if (value <= lowest) return;
    this.#items = [...this.#items, { item, value }].sort((a, b) => b.value - a.value).slice(0, this.max);
  }

  get items(): readonly Item[] {
    return this.#items.map(({ item }) => item);
  }
}
