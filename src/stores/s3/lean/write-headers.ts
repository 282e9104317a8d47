import type { HttpAnswer } from '../../http/exchange.js';
import type { ObjectSettings } from '../object-settings.js';
import type { WriteReply } from '../answers/write-outcome.js';

/** Returns the headers of an object's settings. */
export function settingHeaders(settings: ObjectSettings): Readonly<Record<string, string | undefined>> {
  return {
    'content-type': settings.ContentType,
    'content-encoding': settings.ContentEncoding,
    'x-amz-storage-class': settings.StorageClass,
    'x-amz-server-side-encryption': settings.ServerSideEncryption,
    'x-amz-server-side-encryption-aws-kms-key-id': settings.SSEKMSKeyId,
    'x-amz-server-side-encryption-bucket-key-enabled': settings.BucketKeyEnabled?.toString(),
    'x-amz-tagging': settings.Tagging,
  };
}

/** Returns the headers of an object's metadata, whose names are in lower case. */
export function metadataHeaders(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]));
}

/** Returns the headers of a condition. */
export function conditionalHeaders({ IfMatch, IfNoneMatch }: { IfMatch?: string; IfNoneMatch?: string }) {
  return { 'if-match': IfMatch, 'if-none-match': IfNoneMatch };
}

/** Returns what the answer to a write proves, as the SDK's reply says it. */
export function replyOf({ headers }: HttpAnswer): WriteReply {
  return {
    ETag: headers.get('etag'),
    VersionId: headers.get('x-amz-version-id'),
    ChecksumCRC32: headers.get('x-amz-checksum-crc32'),
  };
}
