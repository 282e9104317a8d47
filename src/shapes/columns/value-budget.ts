/** How many values all columns together may still keep. Shared, because few columns need many. */
export class ValueBudget {
  constructor(private left: number) {}

  /** Takes one value from what is left; false if nothing is. */
  take(): boolean {
    if (this.left <= 0) return false;
    this.left -= 1;
    return true;
  }

  giveBack(values: number): void {
    this.left += values;
  }
}
