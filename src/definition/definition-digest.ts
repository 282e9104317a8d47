import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { identityOf, type Definition } from '../domain/definition.js';

/**
 * Returns the SHA-256, in hex, of a definition's identity as canonical JSON. Comments, explicit defaults, the order
 * of fields, `speed`, `limits` and `requestsPerSecond` do not change it. The order of variables in `each` does, since
 * it orders the combinations.
 */
export function definitionDigest(definition: Definition): string {
  const find = definition.find.map((lookup) => ({ ...lookup, each: Object.entries(lookup.each) }));
  const text = canonicalize({ ...identityOf(definition), find });
  if (text === undefined) throw new TypeError('a definition has no canonical form');
  return createHash('sha256').update(text).digest('hex');
}
