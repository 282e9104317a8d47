import { PutObjectCommand, type S3Client } from '../../sdk/aws-s3.js';

/** Where a bucket is, as the SDK finds it out from settings, environment and its own rules. */
export interface BucketAddress {
  readonly endpoint: URL;
  /** With the port, if it is not the usual one. */
  readonly host: string;
  /** Before the key, with a slash at its end. */
  readonly path: string;
  /** The region that signatures name. */
  readonly region: string;
}

/**
 * Returns where a bucket is; undefined if requests to it are not signed in the usual way, as in directory buckets and
 * access points of several regions. Fails as a request of the SDK does if there is no region or the name of the bucket
 * cannot be addressed. Makes no request.
 */
export async function bucketAddress(client: S3Client, bucket: string): Promise<BucketAddress | undefined> {
  // To address these the SDK makes requests, or needs no region.
  if (/^arn:|--x-s3$/.test(bucket)) return undefined;
  const command = new PutObjectCommand({ Bucket: bucket, Key: keyAsked });
  let found: BucketAddress | undefined;
  // Stops the request before it is signed or sent, when it has its address.
  command.middlewareStack.add(
    (_next, context) => (args) => {
      found = addressOf(args.request, context);
      return Promise.resolve({ output: { $metadata: {} }, response: undefined });
    },
    { name: 'findAddress', step: 'build', priority: 'low' },
  );
  await client.send(command);
  return found;
}

const keyAsked = 'key';

function addressOf(request: unknown, context: object): BucketAddress | undefined {
  const { protocol, hostname, port, path } = request as SdkRequest;
  const { endpointV2 } = context as SdkContext;
  const [scheme] = endpointV2?.properties?.authSchemes ?? [];
  const { name, signingName, signingRegion: region } = scheme ?? {};
  if (name !== 'sigv4' || signingName !== 's3' || region === undefined || !path.endsWith(`/${keyAsked}`))
    return undefined;
  const endpoint = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${String(port)}`}`);
  return { endpoint, host: endpoint.host, path: path.slice(0, -keyAsked.length), region };
}

/** What the SDK's requests have, whatever their type says. */
interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
}

interface SdkContext {
  readonly endpointV2?: {
    readonly properties?: {
      readonly authSchemes?: readonly {
        readonly name?: string;
        readonly signingName?: string;
        readonly signingRegion?: string;
      }[];
    };
  };
}
