import { identityMetadata, type ObjectIdentity } from '../../../src/pipeline/publish/object-identity.js';
import { crc32Base64, type MemoryObject, type MemoryObjectTarget } from './memory-object-target.js';

let written = 0;

/** Makes an object as another writer would leave it. Each has its own ETag. */
export function objectOf(bytes: Uint8Array | string, metadata: Readonly<Record<string, string>> = {}): MemoryObject {
  written += 1;
  const held = Buffer.from(bytes);
  return { bytes: held, etag: `"rival-${written}"`, crc32: crc32Base64(held), metadata };
}

/** What another writer may leave under a key, by its owner. */
export const rivals = {
  foreign: (): MemoryObject => objectOf('a foreign object'),
  leftover: (identity: ObjectIdentity): MemoryObject =>
    objectOf('an object of another manifest', { ...identityMetadata(identity), 'longhaul-manifest': 'older' }),
  same: (identity: ObjectIdentity, bytes: Uint8Array): MemoryObject => objectOf(bytes, identityMetadata(identity)),
} as const;

/** Records every replacement of an object in a target: what was there before, and what replaced it. */
export function watchReplacements(target: MemoryObjectTarget) {
  const replacements: {
    readonly key: string;
    readonly before: MemoryObject | undefined;
    readonly after: MemoryObject;
  }[] = [];
  const set = target.objects.set.bind(target.objects);
  target.objects.set = (key, after) => {
    replacements.push({ key, before: target.objects.get(key), after });
    return set(key, after);
  };
  return replacements;
}
