import type { DemoStores } from '../commands/ports/store-ports.js';
import type { TargetDefinition } from '../domain/definition.js';
import { listKeys } from '../control/stored-object.js';
import { Failure } from '../domain/failure.js';
import { Secret } from '../domain/text/secret.js';
import type { StackDescription } from '../local/state/stack-description.js';
import { type AzureWriter, createAzureWriter } from '../stores/azure/azure-writer.js';
import { ensureBucket } from '../stores/s3/bucket/check-target-bucket.js';
import { createS3ControlStore } from '../stores/s3/s3-control-store.js';
import { createS3Target } from '../stores/s3/s3-target.js';

/** Opens the stores of a local stack with the credentials made for it. */
export async function openDemoStores(
  stores: NonNullable<StackDescription['stores']>,
  bucket: string,
): Promise<DemoStores> {
  const { endpoint, region, accessKeyId, secretAccessKey } = stores.s3;
  const connection = { endpoint, region, forcePathStyle: true };
  const options = { keys: { accessKeyId, secretAccessKey: new Secret(secretAccessKey) }, allowInsecureEndpoints: true };
  const objects = createS3ControlStore({ ...options, connection, bucket });
  const target = createS3Target({ ...options, target: demoTarget(connection, bucket) });
  const writers = new Map<string, AzureWriter>();
  for (const account of stores.azure) writers.set(account.name, await createAzureWriter(account));
  const writer = (account: string): AzureWriter => {
    const found = writers.get(account);
    if (found === undefined) throw new Failure('ConfigError', `the local stack has no account ${account}`);
    return found;
  };
  return {
    ensureBucket: (signal) => ensureBucket({ ...options, connection, bucket }, signal),
    ensureContainer: ({ account, container }, signal) => writer(account).ensureContainer(container, signal),
    deleteContainer: ({ account, container }, signal) => writer(account).deleteContainer(container, signal),
    putBlob: ({ account, ...blob }, signal) => writer(account).putBlob(blob, signal),
    listKeys: (prefix, signal) => listKeys(objects, prefix, signal),
    async *readObject(key, signal) {
      const head = await target.head(key, signal);
      if (head === undefined) throw new Failure('TargetRace', `${key} in bucket ${bucket} is gone`);
      yield* target.get(key, head.etag, signal);
    },
    deleteObject: (key, signal) => objects.delete(key, signal),
    close: () => {
      objects.close();
      target.close();
      for (const each of writers.values()) each.close();
    },
  };
}

/** The target is only read from: its rules for writing do not matter. */
function demoTarget(
  connection: Pick<TargetDefinition, 'endpoint' | 'region' | 'forcePathStyle'>,
  bucket: string,
): TargetDefinition {
  return {
    ...connection,
    ...{ bucket, key: '', tags: {}, metadata: {}, overwrite: 'never', conditionalWrites: 'require' },
    control: { bucket, prefix: '.longhaul' },
  };
}
