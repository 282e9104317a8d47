import type { DemoAccount, DemoDataOptions } from '../../local/demo-data/demo-data-options.js';
import type { StackDescription } from '../../local/state/stack-description.js';
import { demoAccountNames, demoBucket, demoKeyPrefix } from './demo-place.js';

type Stores = NonNullable<StackDescription['stores']>;

/** Returns a stack's source accounts as demos use them, and the target for a migration of this name. */
export function demoEnds(stack: Stores, name: string): Pick<DemoDataOptions, 'accounts' | 'target'> {
  const { endpoint, region } = stack.s3;
  return {
    accounts: {
      east: accountOf(stack, 'east'),
      west: accountOf(stack, 'west'),
      late: accountOf(stack, 'late'),
    },
    target: { bucket: demoBucket, endpoint, region, keyPrefix: demoKeyPrefix(name) },
  };
}

function accountOf({ azure }: Stores, account: DemoAccount): { endpoint: string; credential: string } {
  const name = demoAccountNames[account];
  const found = azure.find((each) => each.name === name);
  if (found === undefined) throw new Error(`the local stack has no account ${name}`);
  // The stack gives workers each account's credential under the account's own name.
  return { endpoint: found.endpoint, credential: name };
}
