import type { CreateMultipartUploadCommandInput } from '@aws-sdk/client-s3';
import { contentTypeOf, type TargetDefinition, type TransformDefinition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';

/** What every object of a target gets besides its bytes. */
export type ObjectSettings = Pick<
  CreateMultipartUploadCommandInput,
  | 'ContentType'
  | 'ContentEncoding'
  | 'StorageClass'
  | 'ServerSideEncryption'
  | 'SSEKMSKeyId'
  | 'BucketKeyEnabled'
  | 'Tagging'
>;

/** Returns the settings of a target's objects. */
export function planObjectSettings(
  target: TargetDefinition,
  compress: TransformDefinition['compress'] = 'gzip',
): ObjectSettings {
  const { contentEncoding, storageClass, encryption } = target;
  const tagging = new URLSearchParams(Object.entries(target.tags)).toString();
  return {
    ContentType: contentTypeOf(target, compress),
    ...(contentEncoding === undefined ? {} : { ContentEncoding: contentEncoding }),
    ...(storageClass === undefined
      ? {}
      : { StorageClass: storageClass as NonNullable<ObjectSettings['StorageClass']> }),
    ...(encryption === undefined ? {} : { ServerSideEncryption: encryption.type }),
    ...(encryption?.keyId === undefined ? {} : { SSEKMSKeyId: encryption.keyId }),
    ...(encryption?.bucketKey === undefined ? {} : { BucketKeyEnabled: encryption.bucketKey }),
    ...(tagging === '' ? {} : { Tagging: tagging }),
  };
}

// S3 counts names and values together.
const metadataBytesMax = 2_048;

/**
 * Merges the user's metadata with that of one object, which wins. Throws `ConfigError` if S3 would not keep it
 * unchanged.
 */
export function mergeMetadata(
  users: Readonly<Record<string, string>>,
  objects: Readonly<Record<string, string>>,
): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const [name, value] of [...Object.entries(users), ...Object.entries(objects)]) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw unusable(name, 'its name is not valid in a header');
    if (!/^[\x20-\x7e]*$/.test(value)) throw unusable(name, 'its value is not printable ASCII');
    merged[name.toLowerCase()] = value;
  }
  const bytes = Object.entries(merged).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (bytes > metadataBytesMax)
    throw new Failure(
      'ConfigError',
      `the metadata of an object has ${bytes} bytes; S3 keeps at most ${metadataBytesMax}`,
    );
  return merged;
}

function unusable(name: string, why: string): Failure {
  return new Failure('ConfigError', `target.metadata ${JSON.stringify(name)}: ${why}`);
}
