import type { DemoAccount } from '../../local/demo-data/demo-data-options.js';

/** The bucket that demos move to, which nothing else uses. */
export const demoBucket = 'longhaul-demo';

/** The seed of all demos: the same number of units gives the same data everywhere. */
export const demoSeed = 1;

/** The account of the local stack for each account of the demo. */
export const demoAccountNames: Readonly<Record<DemoAccount, string>> = {
  east: 'prodeast',
  west: 'prodwest',
  late: 'prodlate',
};

/** The set of containers of one demo. Demos of any size can exist side by side. */
export const demoSet = (name: string): string => name;

/** The prefix of all target keys of one demo. */
export const demoKeyPrefix = (name: string): string => `${name}/`;
