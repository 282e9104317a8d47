/** One source blob of a unit, as it was listed. `account` is its key under `accounts` of the migration file. */
export interface SourceBlob {
  readonly account: string;
  readonly container: string;
  readonly name: string;
  readonly etag: string;
  /** Compressed length as listed. */
  readonly bytes: number;
  /** MD5 stored with the blob, base64, or null if the source has none. */
  readonly md5: string | null;
}

/** The ordered, frozen list of a unit's source blobs. */
export interface Manifest {
  /** SHA-256, hex, of {@link manifestText}. */
  readonly digest: string;
  readonly blobs: readonly SourceBlob[];
}

/** The fields of `transform` that change the bytes of the target object, and so belong to a manifest's identity. */
export interface ByteTransform {
  readonly decompress: string;
  readonly trailingGarbage: string;
  readonly onCorrupt: string;
  readonly join: string;
  readonly compress: string;
  readonly level: string | number;
}

/**
 * Returns the text whose SHA-256 is a manifest's digest: a line for the transform, then a line per blob with account,
 * container, name, ETag and size in order, each a JSON array so that no two manifests share a text.
 */
export function manifestText(blobs: readonly SourceBlob[], transform: ByteTransform): string {
  const { decompress, trailingGarbage, onCorrupt, join, compress, level } = transform;
  const lines = [JSON.stringify([decompress, trailingGarbage, onCorrupt, join, compress, String(level)])];
  for (const blob of blobs)
    lines.push(JSON.stringify([blob.account, blob.container, blob.name, blob.etag, blob.bytes]));
  return lines.join('\n') + '\n';
}

/** Names a blob for people: `account/container/name`. */
export function blobLabel(blob: {
  readonly account: string;
  readonly container: string;
  readonly name: string;
}): string {
  return `${blob.account}/${blob.container}/${blob.name}`;
}

/** Sums the listed bytes of blobs. */
export function listedBytes(blobs: readonly SourceBlob[]): number {
  return blobs.reduce((sum, blob) => sum + blob.bytes, 0);
}
