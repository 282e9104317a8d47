import type { ProxiedRequest } from '../faults/fault-proxy.js';

/** Returns the actions of IAM that a request to S3 needs, without `s3:`, as AWS documents them. */
export function s3Actions({ method, path, query, headers }: ProxiedRequest): readonly string[] {
  const [, , ...key] = path.split('/');
  const isBucket = key.join('') === '';
  const tagging = headers['x-amz-tagging'] === undefined ? [] : ['PutObjectTagging'];
  switch (`${method} ${isBucket ? 'bucket' : 'key'}`) {
    case 'HEAD bucket':
      return ['ListBucket'];
    case 'GET bucket':
      return [bucketActions.find(([name]) => query.has(name))?.[1] ?? 'ListBucket'];
    case 'HEAD key':
      return ['GetObject'];
    case 'GET key':
      if (query.has('uploadId')) return ['ListMultipartUploadParts'];
      return [query.has('tagging') ? 'GetObjectTagging' : 'GetObject'];
    case 'PUT key':
    case 'POST key':
      return ['PutObject', ...tagging];
    case 'DELETE key':
      return [query.has('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject'];
    default:
      throw new Error(`nobody has said which action ${method} ${path}?${query.toString()} needs`);
  }
}

const bucketActions = [
  ['versioning', 'GetBucketVersioning'],
  ['object-lock', 'GetBucketObjectLockConfiguration'],
  ['lifecycle', 'GetLifecycleConfiguration'],
  ['uploads', 'ListBucketMultipartUploads'],
] as const;
