import type { StorePorts } from '../commands/ports/store-ports.js';
import type { StagedPrefix } from '../control/control-prefix.js';
import type { ControlStore } from '../control/control-store.js';
import { controlBase, type MigrationRecord } from '../domain/stored/migration-record.js';
import type { Environment } from '../env.js';
import { Secret } from '../domain/text/secret.js';
import type { NoteSecret, S3Keys } from '../stores/s3/s3-client.js';

/** Opens stores. Their SDKs are loaded when a verb first needs them. `own` is the environment of this process. */
export function storePorts(own: Environment, noteSecret: NoteSecret): StorePorts {
  return {
    openControl: async ({ target }, environment) => {
      const { createS3ControlStore } = await import('../stores/s3/s3-control-store.js');
      const { allowInsecureEndpoints, http } = environment;
      const { bucket } = target.control;
      const keys = keysOf(environment, own);
      const store = createS3ControlStore({
        ...{ connection: target, bucket, allowInsecureEndpoints, http, noteSecret },
        ...keys,
      });
      if (target.conditionalWrites !== 'degraded') return store;
      const { lookingControlStore } = await import('../control/looking-control-store.js');
      return lookingControlStore(store);
    },
    checkTargetBucket: async ({ target }, environment, signal) => {
      const { checkTargetBucket } = await import('../stores/s3/bucket/check-target-bucket.js');
      const { allowInsecureEndpoints } = environment;
      const place = { connection: target, allowInsecureEndpoints, ...keysOf(environment, own) };
      for (const bucket of new Set([target.bucket, target.control.bucket])) {
        await checkTargetBucket({ ...place, bucket }, signal);
      }
    },
    probeTarget: async ({ target, name, ...probing }, environment, signal) => {
      const { openProbedTarget } = await import('../stores/s3/open-probed-target.js');
      const { probeTarget } = await import('../probes/target/probe-target.js');
      const { allowInsecureEndpoints, http } = environment;
      const stores = openProbedTarget({
        definition: target,
        allowInsecureEndpoints,
        http,
        noteSecret,
        ...keysOf(environment, own),
      });
      try {
        const base = controlBase({ prefix: target.control.prefix, name });
        return await probeTarget({ ...probing, role: 'operator', stores, base, signal });
      } finally {
        stores.close();
      }
    },
    sumLedgers: async (record, control, signal) =>
      (await import('../control/ledger/sum-ledgers.js')).sumLedgers(stagedPrefix(record, control), signal),
    async *readReceipts(record, control, signal) {
      yield* (await import('../control/ledger/read-receipts.js')).readReceipts(stagedPrefix(record, control), signal);
    },
    readStagedUnits: async (...request) => {
      const { readStagedSlice } = await import('../control/staged-slice.js');
      return (await readStagedSlice(...request)).units;
    },
    openUploads: async ({ target }, environment) => {
      const { createS3Target } = await import('../stores/s3/s3-target.js');
      const { allowInsecureEndpoints, http } = environment;
      return createS3Target({ target, allowInsecureEndpoints, http, noteSecret, ...keysOf(environment, own) });
    },
    openDemo: async (...request) => (await import('./demo-stores.js')).openDemoStores(...request),
  };
}

function stagedPrefix(record: MigrationRecord, control: ControlStore): StagedPrefix {
  const base = controlBase({ prefix: record.definition.target.control.prefix, name: record.name });
  return { control, base, record };
}

/** The SDK reads the environment of this process by itself. Only the keys of another environment are handed to it. */
function keysOf({ variables }: Environment, own: Environment): { readonly keys?: S3Keys } {
  const accessKeyId = variables['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = variables['AWS_SECRET_ACCESS_KEY'];
  if (!accessKeyId || !secretAccessKey) return {};
  return variables === own.variables ? {} : { keys: { accessKeyId, secretAccessKey: new Secret(secretAccessKey) } };
}
