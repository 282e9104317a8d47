/** Something that happens once and that others wait for. */
export class Flag {
  raise: () => void = () => {};
  readonly raised: Promise<void>;

  constructor() {
    this.raised = new Promise((resolve) => (this.raise = resolve));
  }
}
