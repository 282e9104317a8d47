import type { Definition } from '../domain/definition.js';
import type { RequestCeilings } from '../domain/directives.js';

/** Returns the ceilings of a migration file: `requestsPerSecond` of each account that has one. */
export function requestCeilings(accounts: Definition['accounts']): RequestCeilings {
  const ceilings = Object.entries(accounts).map(([name, account]) => [name, account.requestsPerSecond] as const);
  return Object.fromEntries(ceilings.filter((entry): entry is [string, number] => entry[1] !== undefined));
}
