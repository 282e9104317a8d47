/** An event that happens once, and for which others can wait. */
export class Flag {
  raise: () => void = () => {};
  readonly raised: Promise<void>;

  constructor() {
    this.raised = new Promise((resolve) => (this.raise = resolve));
  }
}
