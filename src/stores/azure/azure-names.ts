import { Failure } from '../../domain/failure.js';
import { blobLabel } from '../../domain/manifest.js';
import type { BlobName } from '../../pipeline/source/blob-source.js';

/** Throws `UnsupportedName` for a blob that the SDK would read under another name: it normalises its URLs. */
export function requireAddressable(blob: BlobName): void {
  requireContainerName(blob.account, blob.container);
  const why = nameProblem(blob.name);
  if (why !== undefined)
    throw new Failure('UnsupportedName', `the blob ${blobLabel(blob)} cannot be addressed: ${why}`, {
      blob: blobLabel(blob),
    });
}

/** Throws `UnsupportedName` for a container that Azure cannot have, so that a template cannot lead a request elsewhere. */
export function requireContainerName(account: string, container: string): void {
  if (/^\$(root|web|logs)$/.test(container)) return;
  if (/^[a-z0-9](?:-?[a-z0-9])+$/.test(container) && container.length >= 3 && container.length <= 63) return;
  throw new Failure(
    'UnsupportedName',
    `account ${account} cannot have a container ${JSON.stringify(container)}: a name has 3 to 63 lower-case letters, digits and single hyphens`,
  );
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'it has no name';
  if (name.includes('\\')) return 'a backslash becomes a slash on the way';
  if (name.split('/').some((segment) => segment === '.' || segment === '..'))
    return 'a segment `.` or `..` is resolved on the way';
  return undefined;
}
