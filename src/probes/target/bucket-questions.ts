import type { AskedProbe } from '../answer-all.js';
import { judgeTargetCredential } from './judge-target-credential.js';
import { probeAbandonedUploads, probeControlRules, probeObjectLock, probeVersioning } from './probe-bucket-rules.js';
import type { TargetProbing } from './target-probing.js';

/** Returns the questions about the settings of the buckets, and about the credential. */
export function bucketQuestions({
  stores,
  keyPrefix,
}: Pick<TargetProbing, 'stores' | 'keyPrefix'>): readonly AskedProbe[] {
  const { controlBucket, targetBucket } = stores;
  const { control } = stores.definition;
  return [
    {
      ...{ id: 'target/versioning', what: `versions in bucket ${control.bucket}` },
      ask: (signal) => probeVersioning(controlBucket, signal),
    },
    {
      ...{ id: 'target/object-lock', what: `Object Lock of bucket ${control.bucket}` },
      ask: (signal) => probeObjectLock(controlBucket, signal),
    },
    {
      ...{ id: 'target/lifecycle', what: `rules for ${control.prefix}/ in bucket ${control.bucket}` },
      ask: (signal) => probeControlRules(controlBucket, control.prefix, signal),
    },
    {
      ...{ id: 'target/abandoned-uploads', what: 'abandoned uploads' },
      ask: (signal) => probeAbandonedUploads(targetBucket, keyPrefix, signal),
    },
    {
      ...{ id: 'target/credential', what: 'credential of the target' },
      ask: async (signal) => judgeTargetCredential(await targetBucket.credential(signal)),
    },
  ];
}
