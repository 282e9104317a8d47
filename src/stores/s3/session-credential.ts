import type { TargetCredential } from '../../probes/target/bucket-inspector.js';
import type { S3Client } from '../sdk/aws-s3.js';

/** Returns what is known about the credential that a client has found. */
export async function sessionCredential(client: Pick<S3Client, 'config'>): Promise<TargetCredential> {
  const found: AwsCredential = await client.config.credentials();
  if (found.sessionToken === undefined) return { kind: 'key' };
  // Only what comes from outside stays as it is; a role or an instance gets the next session by itself.
  const isFixed = found.expiration === undefined || found.$source?.CREDENTIALS_ENV_VARS !== undefined;
  return { kind: 'session', endsAt: found.expiration?.toISOString(), isRenewed: !isFixed };
}

/** Where the SDK says that it has found a credential; the type of the client does not list it. */
interface AwsCredential {
  readonly sessionToken?: string;
  readonly expiration?: Date;
  readonly $source?: { readonly CREDENTIALS_ENV_VARS?: string };
}
