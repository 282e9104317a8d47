import { Failure } from '../../domain/failure.js';
import { blobLabel } from '../../domain/manifest.js';
import type { BlobName } from '../../pipeline/source/blob-source.js';

/** Throws `UnsupportedName` for a blob that the SDK would request under another name, because it normalises URLs. */
export function requireAddressable(blob: BlobName): void {
  requireContainerName(blob.account, blob.container);
  const why = nameProblem(blob.name);
  if (why !== undefined)
    throw new Failure('UnsupportedName', `the blob ${blobLabel(blob)} cannot be addressed: ${why}`, {
      blob: blobLabel(blob),
    });
}

/**
 * Throws `UnsupportedName` for a name that no container can have, so that a template cannot send a request elsewhere.
 */
export function requireContainerName(account: string, container: string): void {
  if (/^\$(root|web|logs)$/.test(container)) return;
  if (/^[a-z0-9](?:-?[a-z0-9])+$/.test(container) && container.length >= 3 && container.length <= 63) return;
  throw new Failure(
    'UnsupportedName',
    `account ${account} cannot have a container ${JSON.stringify(container)}: ` +
      'a name has 3 to 63 lower-case letters, digits and single hyphens',
  );
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'it has no name';
  if (name.includes('\\')) return 'a backslash would be sent as a slash';
  if (name.split('/').some((segment) => segment === '.' || segment === '..'))
    return 'a segment `.` or `..` would be resolved before it is sent';
  return undefined;
}
