import type { DemoAccount } from './demo-data-options.js';
import { demoMonth, demoMonths, monthContainer } from './demo-layout.js';

const accounts: readonly DemoAccount[] = ['east', 'west', 'late'];

/** Returns every container in which a demo with this many units stores blobs, each once. */
export function demoContainers(demo: {
  readonly units: number;
  readonly set?: string | undefined;
}): readonly { readonly account: DemoAccount; readonly container: string }[] {
  const months = Array.from({ length: demoMonths(demo.units) }, (_, index) => demoMonth(index));
  return accounts.flatMap((account) =>
    [...new Set(months.map((month) => monthContainer(account, month, demo.set)))].map((container) => ({
      account,
      container,
    })),
  );
}
