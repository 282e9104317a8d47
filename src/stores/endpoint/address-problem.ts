import { BlockList, isIP } from 'node:net';
import { embeddedIpv4 } from './embedded-ipv4.js';

// Metadata and other services of the host live here, and hand out credentials to whoever asks.
const hostServices = new BlockList();
hostServices.addSubnet('169.254.0.0', 16, 'ipv4');
hostServices.addSubnet('fe80::', 10, 'ipv6');
// Not link-local, but of the same kind: Azure, Alibaba, Oracle, AWS (with its services for containers), Google.
hostServices.addAddress('168.63.129.16', 'ipv4');
hostServices.addAddress('100.100.100.200', 'ipv4');
hostServices.addAddress('192.0.0.192', 'ipv4');
hostServices.addSubnet('fd00:ec2::', 32, 'ipv6');
hostServices.addAddress('fd20:ce::254', 'ipv6');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
// A connection to "any address" reaches this machine.
loopback.addSubnet('0.0.0.0', 8, 'ipv4');
loopback.addAddress('::', 'ipv6');

/**
 * Returns why an IP address may not be connected to, or undefined if it may. Link-local addresses and those of
 * metadata services never may; loopback only if insecure endpoints are allowed. An IPv4 address inside an IPv6
 * address counts too.
 */
export function addressProblem(address: string, allowInsecure: boolean): string | undefined {
  const plain = address.replace(/%.*$/, '');
  const all = [plain, ...embeddedIpv4(plain)];
  if (all.some((each) => isIn(hostServices, each)))
    return 'it is a link-local address or that of a metadata service, which hands out credentials';
  // `::1` and `::` are spelled like IPv4 addresses inside IPv6; both are loopback in either reading.
  if (!allowInsecure && all.some((each) => isIn(loopback, each)))
    return 'it is this machine; set LONGHAUL_ALLOW_INSECURE_ENDPOINTS=1 if you mean it';
  return undefined;
}

/**
 * Returns why a host name may not be connected to, or undefined: names of metadata services, for proxies that resolve
 * names themselves.
 */
export function hostNameProblem(name: string): string | undefined {
  const plain = name.toLowerCase().replace(/\.$/, '');
  return metadataNames.has(plain) ? 'it is the name of a metadata service, which hands out credentials' : undefined;
}

const metadataNames: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata.azure.internal',
]);

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
