import { createHash } from 'node:crypto';
import { manifestText, type ByteTransform, type Manifest, type SourceBlob } from '../../domain/manifest.js';

/** Makes a manifest of ordered blobs. Its digest covers them and the fields of the transform that change bytes. */
export function freezeManifest(found: readonly SourceBlob[], transform: ByteTransform): Manifest {
  const blobs = found.map(({ account, container, name, etag, bytes, md5 }) => ({
    account,
    container,
    name,
    etag,
    bytes,
    md5,
  }));
  return { digest: createHash('sha256').update(manifestText(blobs, transform)).digest('hex'), blobs };
}
