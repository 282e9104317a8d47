import type { LifecycleRule as SdkRule } from '@aws-sdk/client-s3';
import type { BucketInspector, LifecycleRule } from '../../../probes/target/bucket-inspector.js';
import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
} from '../../sdk/aws-s3.js';
import { type BucketPlace, checkTargetBucket } from './check-target-bucket.js';
import { S3Session } from '../s3-client.js';
import { textField } from '../../request/error-fields.js';
import { describeS3Error } from '../answers/s3-error.js';
import { s3Failure } from '../answers/s3-failure.js';
import { sessionCredential } from '../session-credential.js';

/** An inspector with its own connections. */
export interface S3BucketInspector extends BucketInspector {
  /** Closes all connections. */
  close(): void;
}

/** Opens a bucket to look at its settings. Throws `ConfigError/Endpoint`, `ConfigError/Credential`. */
export function inspectBucket(place: BucketPlace): S3BucketInspector {
  const { bucket: Bucket, connection, allowInsecureEndpoints, keys, timeoutMs = 20_000 } = place;
  const session = new S3Session({
    ...{ connection, allowInsecureEndpoints, owner: `target ${Bucket}` },
    ...(keys === undefined ? {} : { keys }),
  });
  /** `none` is the code with which a store says that there is no such setting. */
  const ask = async <T>(
    setting: { readonly doing: string; readonly none?: string },
    signal: AbortSignal,
    call: Parameters<typeof session.send<T>>[0],
  ): Promise<T | undefined> => {
    try {
      return await session.send(call, { signal, timeoutMs });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (describeS3Error(error).code === setting.none) return undefined;
      throw s3Failure(error, { doing: setting.doing, bucket: Bucket });
    }
  };

  return {
    find: (signal) => checkTargetBucket(place, signal),

    async versioning(signal) {
      const command = new GetBucketVersioningCommand({ Bucket });
      const reply = await ask({ doing: 'ask for versioning' }, signal, (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
      if (reply?.Status === undefined) return 'off';
      return reply.Status === 'Enabled' ? 'enabled' : 'suspended';
    },

    async objectLock(signal) {
      const command = new GetObjectLockConfigurationCommand({ Bucket });
      const setting = { doing: 'ask for Object Lock', none: 'ObjectLockConfigurationNotFoundError' };
      const reply = await ask(setting, signal, (client, abortSignal) => client.send(command, { abortSignal }));
      const lock = reply?.ObjectLockConfiguration;
      const { Days: days, Years: years } = lock?.Rule?.DefaultRetention ?? {};
      const keptFor = days !== undefined ? `${String(days)} days` : years && `${String(years)} years`;
      return { isEnabled: lock?.ObjectLockEnabled === 'Enabled', keptFor: keptFor || undefined };
    },

    async lifecycle(signal) {
      const command = new GetBucketLifecycleConfigurationCommand({ Bucket });
      const setting = { doing: 'ask for lifecycle rules', none: 'NoSuchLifecycleConfiguration' };
      const reply = await ask(setting, signal, (client, abortSignal) => client.send(command, { abortSignal }));
      return (reply?.Rules ?? []).filter(({ Status }) => Status === 'Enabled').map(toRule);
    },

    async credential(signal) {
      try {
        return await session.send((client) => sessionCredential(client), { signal, timeoutMs });
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw s3Failure(error, { doing: 'find the credential', bucket: Bucket });
      }
    },

    close: () => session.close(),
  };
}

function toRule({ ID, Filter, ...rule }: SdkRule): LifecycleRule {
  const { Expiration, Transitions, AbortIncompleteMultipartUpload } = rule;
  const tags = [Filter?.Tag, ...(Filter?.And?.Tags ?? [])].filter((tag) => tag !== undefined);
  return {
    name: ID ?? 'without a name',
    // Old rules have it in a field of their own, which the SDK calls deprecated.
    prefix: Filter?.And?.Prefix ?? Filter?.Prefix ?? textField(rule, 'Prefix') ?? '',
    needsTags: tags.length > 0,
    // A rule for versions that are no longer current is what a versioned control bucket needs.
    expires: Expiration?.Days !== undefined || Expiration?.Date !== undefined,
    transitions: (Transitions ?? []).length > 0,
    abortsAfterDays: AbortIncompleteMultipartUpload?.DaysAfterInitiation,
  };
}
