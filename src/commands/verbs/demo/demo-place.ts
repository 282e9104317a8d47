import type { DemoAccount } from '../../../local/demo-data/demo-data-options.js';

/** The bucket that demos move to; it is theirs alone. */
export const demoBucket = 'longhaul-demo';

/** The one seed of all demos: the same number of units gives the same data everywhere. */
export const demoSeed = 1;

/** The account of the local stack that plays each account of the demo. */
export const demoAccountNames: Readonly<Record<DemoAccount, string>> = {
  east: 'prodeast',
  west: 'prodwest',
  late: 'prodlate',
};

/** The set of containers of one demo; demos of any sizes lie beside each other. */
export const demoSet = (name: string): string => name;

/** Under it lie the target objects of one demo. */
export const demoKeyPrefix = (name: string): string => `${name}/`;
