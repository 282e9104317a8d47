/** The value of `LONGHAUL_HEALTH` is not an address. */
export class HealthAddressError extends Error {
  override readonly name = 'HealthAddressError';
}

/** Reads `host:port`; an IPv6 address stands in brackets. Throws {@link HealthAddressError} if it is something else. */
export function parseHealthAddress(address: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(address) ?? [];
  const [host, port] = [bracketed ?? plain, Number(digits)];
  if (host === undefined || !(port <= 65_535)) {
    throw new HealthAddressError(
      `LONGHAUL_HEALTH asks for health checks at ${address}, which is not a host and a port. An example is ` +
        '127.0.0.1:9460',
    );
  }
  return { host, port };
}
