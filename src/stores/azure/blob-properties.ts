/** Returns an ETag in quotes, as `If-Match` needs it: headers have them, listings do not. */
export function quotedEtag(etag: string): string {
  return /^(W\/)?"/.test(etag) ? etag : `"${etag}"`;
}

/** Returns a stored MD5 in base64, or null if there is none. */
export function md5Text(md5: Uint8Array | undefined): string | null {
  return md5 === undefined || md5.length === 0 ? null : Buffer.from(md5).toString('base64');
}

/** Reports whether metadata marks a directory, as Hadoop's drivers and hierarchical namespaces do. */
export function isDirectoryMarker(bytes: number | undefined, metadata: Record<string, string> = {}): boolean {
  return bytes === 0 && Object.entries(metadata).some(([name, value]) => isFolderEntry(name, value));
}

function isFolderEntry(name: string, value: string): boolean {
  return name.toLowerCase() === 'hdi_isfolder' && value.toLowerCase() === 'true';
}
