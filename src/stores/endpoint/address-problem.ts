import { BlockList, isIP } from 'node:net';

// Instance metadata and other services of the host live there and hand out credentials to whoever asks.
const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');
// The same metadata service by its other IPv6 addresses: AWS's own, and 169.254.0.0/16 behind NAT64.
linkLocal.addAddress('fd00:ec2::254', 'ipv6');
linkLocal.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
// Connecting to "any address" reaches this machine.
loopback.addSubnet('0.0.0.0', 8, 'ipv4');
loopback.addAddress('::', 'ipv6');

/**
 * Tells why an IP address may not be connected to, or gives undefined. Link-local addresses never may; loopback only where insecure endpoints
 * are allowed. IPv4 inside IPv6 counts as the IPv4 address.
 */
export function addressProblem(address: string, allowInsecure: boolean): string | undefined {
  const plain = address.replace(/%.*$/, '');
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
  if (linkLocal.check(plain, family)) return 'it is a link-local address, where metadata services give out credentials';
  if (!allowInsecure && loopback.check(plain, family))
    return 'it is this machine; set LONGHAUL_ALLOW_INSECURE_ENDPOINTS=1 if that is meant';
  return undefined;
}
