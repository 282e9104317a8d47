import { isIPv6 } from 'node:net';

/**
 * Returns the IPv4 addresses that an IPv6 address may lead to: mapped, compatible and translated ones, NAT64, 6to4,
 * ISATAP and Teredo. Empty for any other address.
 */
export function embeddedIpv4(address: string): readonly string[] {
  const groups = isIPv6(address) ? groupsOf(address) : undefined;
  if (groups === undefined) return [];
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0, seventh = 0, eighth = 0] = groups;
  const found: string[] = [];
  const startsWithZeros = (first | second | third | fourth) === 0;
  // ::a.b.c.d, ::ffff:a.b.c.d and ::ffff:0:a.b.c.d
  const atEnd = startsWithZeros && (fifth === 0 || fifth === 0xff_ff) && (sixth === 0 || sixth === 0xff_ff);
  // NAT64: 64:ff9b::/96 and 64:ff9b:1::/48
  const translated = first === 0x64 && second === 0xff_9b;
  // ISATAP: any prefix, then 0:5efe or 200:5efe
  const tunnelled = (fifth === 0 || fifth === 0x2_00) && sixth === 0x5e_fe;
  if (atEnd || translated || tunnelled) found.push(ipv4(seventh, eighth));
  // 6to4: 2002:a.b.c.d::/48
  if (first === 0x20_02) found.push(ipv4(second, third));
  // Teredo: the server, and the client with all bits inverted
  if (first === 0x20_01 && second === 0) found.push(ipv4(third, fourth), ipv4(seventh ^ 0xff_ff, eighth ^ 0xff_ff));
  return found;
}

/** Returns the eight numbers of an IPv6 address. */
function groupsOf(address: string): readonly number[] {
  // URL writes an address in the shortest hexadecimal form, also one that ends in the form of IPv4.
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = short.split('::');
  const before = numbers(head);
  const after = numbers(tail ?? '');
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

function numbers(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function ipv4(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}
