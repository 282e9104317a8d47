import { Failure } from '../../domain/failure.js';
import type { RenderedLookup } from '../../domain/rendered-find.js';

/** Returns the failure of a unit for which no blob was found. */
export function emptyUnit(lookups: readonly RenderedLookup[]): Failure {
  return new Failure('EmptyUnit', `no blob was found for the unit; looked for ${whereLooked(lookups)}`);
}

/** Says where the blobs of a unit were looked for: the first few names and prefixes, as `account/container/prefix…`. */
function whereLooked(lookups: readonly RenderedLookup[]): string {
  const places = lookups.map(({ account, container, find }) => {
    const place = `${account}/${container}/`;
    return find.kind === 'blob' ? `${place}${find.name}` : `${place}${find.prefix}…`;
  });
  const distinct = [...new Set(places)];
  const rest = distinct.length - shownMax;
  return `${distinct.slice(0, shownMax).join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}`;
}

const shownMax = 3;
