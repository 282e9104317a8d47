import { ListObjectsV2Command } from '../../sdk/aws-s3.js';
import type { ObjectPage } from '../../../pipeline/publish/object-target.js';
import { noProof } from '../answers/no-proof.js';
import type { S3Session } from '../s3-client.js';

/** Returns one page of the objects below a prefix. Fails if the answer is not a listing, or lists other keys. */
export async function listObjects(
  session: S3Session,
  request: {
    readonly bucket: string;
    readonly prefix: string;
    readonly after: string | undefined;
    readonly signal: AbortSignal;
    readonly timeoutMs: number;
  },
): Promise<ObjectPage> {
  const { bucket, prefix, after } = request;
  const doing = `list ${prefix}`;
  const command = new ListObjectsV2Command({
    Bucket: bucket,
    Prefix: prefix,
    ...(after === undefined ? {} : { ContinuationToken: after }),
  });
  const page = await session.send((client, abortSignal) => client.send(command, { abortSignal }), request);
  // The page of a proxy must not pass for "no objects".
  if (page.Name === undefined && page.KeyCount === undefined) throw noProof(doing, bucket, 'no listing');
  const objects = (page.Contents ?? []).flatMap(({ Key, Size = 0, LastModified }) =>
    Key === undefined ? [] : [{ key: Key, bytes: Size, lastModifiedMs: LastModified?.getTime() ?? 0 }],
  );
  const next = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  if (!objects.every(({ key }) => key.startsWith(prefix))) throw noProof(doing, bucket, 'foreign keys');
  if (next !== undefined && next === after) throw noProof(doing, bucket, 'the same page again');
  return { objects, ...(next === undefined ? {} : { next }) };
}
