// Each takes a listing. Keys of more groups have no scheme, and their neighbours are not looked at.
const groupsMax = 1_000;

/**
 * Groups keys by their first folder and knows the folder that all keys of a group have in common. A key without a
 * folder is in no group: beside it is the whole bucket.
 */
export class KeyGroups {
  readonly #folders = new Map<string, string>();

  /** Adds a key and returns its group; undefined if it is in none. */
  add(key: string): string | undefined {
    const end = key.indexOf('/') + 1;
    if (end === 0) return undefined;
    const group = key.slice(0, end);
    const known = this.#folders.get(group);
    if (known === undefined && this.#folders.size === groupsMax) return undefined;
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    if (known === undefined || !folder.startsWith(known))
      this.#folders.set(group, known === undefined ? folder : commonFolder(known, folder));
    return group;
  }

  /** The groups, each with the folder that its keys have in common, with its last slash. */
  get folders(): Iterable<readonly [group: string, folder: string]> {
    return this.#folders;
  }
}

function commonFolder(a: string, b: string): string {
  let end = 0;
  for (let at = 0; at < Math.min(a.length, b.length) && a[at] === b[at]; at += 1) if (a[at] === '/') end = at + 1;
  return a.slice(0, end);
}
