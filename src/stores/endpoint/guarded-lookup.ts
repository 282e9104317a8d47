import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { addressProblem } from './address-problem.js';

/** Code of the error for a name that resolves to an address which may not be connected to. */
export const endpointRefusedCode = 'LONGHAUL_ENDPOINT_REFUSED';

type Resolve = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses?: LookupAddress[]) => void,
) => void;

/**
 * Returns a lookup that resolves names by DNS, but fails with {@link endpointRefusedCode} if any of the addresses may
 * not be connected to: a harmless name must not lead to a metadata service. Tests pass `resolve` in place of DNS.
 */
export function guardedLookup(allowInsecure: boolean, resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, callback) => {
    // With an error Node passes no addresses.
    resolve(hostname, { ...options, all: true }, (error, addresses = []) => {
      const failed = error ?? refusal(hostname, addresses, allowInsecure);
      const first = addresses[0];
      if (failed !== undefined || first === undefined) {
        callback(failed ?? new Error(`${hostname} has no address`), '', 4);
      } else if (options.all === true) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

function refusal(hostname: string, addresses: LookupAddress[], allowInsecure: boolean): Error | undefined {
  for (const { address } of addresses) {
    const problem = addressProblem(address, allowInsecure);
    if (problem !== undefined)
      return Object.assign(new Error(`${hostname} is ${address}: ${problem}`), { code: endpointRefusedCode });
  }
  return undefined;
}
