import { GetObjectTaggingCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Secret } from '../../src/domain/text/secret.js';
import { listKeys } from '../../src/control/stored-object.js';
import type { S3Connection, TargetDefinition } from '../../src/domain/definition.js';
import { createS3ControlStore, type S3ControlStore } from '../../src/stores/s3/s3-control-store.js';
import { createS3Target, type S3Target } from '../../src/stores/s3/s3-target.js';
import { crc32Base64 } from '../support/fakes/memory-object-target.js';
import { controlStoreContract } from './control-store-contract.js';
import { objectTargetContract } from './object-target-contract.js';
import { targetProbesContract } from './target-probes-contract.js';

/** A bucket that exists on some S3 store; without keys they come from the AWS SDK's usual places. */
export interface S3TestPlace {
  readonly connection: S3Connection;
  readonly bucket: string;
  /** Below it the tests keep what they write; they delete it afterwards. */
  readonly prefix: string;
  readonly keys?: { readonly accessKeyId: string; readonly secretAccessKey: Secret };
  readonly http?: 'lean' | 'sdk';
}

/** What an S3 store promises as control store and as object target, as tests inside a `describe`. */
export function s3StoreContracts(open: () => Promise<S3TestPlace>): void {
  const running = new AbortController().signal;
  let place: S3TestPlace;
  let control: S3ControlStore;
  let target: S3Target;
  let bases = 0;
  const nextBase = (): string => `${place.prefix}/base-${(bases += 1)}`;

  beforeAll(async () => {
    place = await open();
    const keys = place.keys === undefined ? {} : { keys: place.keys };
    control = createS3ControlStore({ ...place, ...keys, allowInsecureEndpoints: true, http: place.http });
    target = createS3Target({
      target: targetDefinition(place),
      ...keys,
      allowInsecureEndpoints: true,
      http: place.http,
    });
  });

  afterAll(async () => {
    const left: string[] = [];
    for await (const key of listKeys(control, `${place.prefix}/`, running)) left.push(key);
    await inBatches(left, (key) => control.delete(key, running));
    control.close();
    target.close();
  });

  describe('as a control store', () => {
    controlStoreContract(async () => ({ store: control, base: nextBase() }));

    it('lists more keys than fit into one page', async () => {
      const base = nextBase();
      const keys = Array.from({ length: 1_005 }, (_unused, index) => `${base}/${index}`);
      await inBatches(keys, (key) => control.overwrite(key, Buffer.from('x'), running));
      const listed: string[] = [];
      for await (const key of listKeys(control, `${base}/`, running)) listed.push(key);
      expect(listed.sort()).toEqual(keys.sort());
    });
  });

  describe('as the target of a migration', () => {
    targetProbesContract(() => place);
  });

  describe('as an object target', () => {
    objectTargetContract(async () => ({ target, base: nextBase() }));

    it('gives objects the content type, tags and metadata of the migration, and no content encoding', async () => {
      const body = Buffer.from('x');
      const key = `${nextBase()}/settings`;
      const metadata = { 'longhaul-unit': 'abc' };
      await target.put({ key, body, crc32: crc32Base64(body), metadata, condition: { kind: 'absent' } }, running);
      const { connection, keys, bucket } = place;
      const credentials = keys && { ...keys, secretAccessKey: keys.secretAccessKey.reveal() };
      const client = new S3Client({ region: 'us-east-1', ...connection, ...(credentials && { credentials }) });
      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      expect(head.ContentType).toBe('application/gzip');
      expect(head.ContentEncoding).toBeUndefined();
      expect(head.Metadata).toEqual({ origin: 'azure', 'longhaul-unit': 'abc' });
      const tags = await client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }));
      expect(tags.TagSet).toEqual([{ Key: 'team', Value: 'data + more' }]);
      client.destroy();
      // The target says the same.
      expect(await target.tags(key, running)).toEqual({ team: 'data + more' });
      expect(await target.head(key, running)).toMatchObject({
        contentType: 'application/gzip',
        metadata: head.Metadata,
      });
    });
  });
}

/** The target of a migration to the place, with tags and metadata to look for. */
export function targetDefinition({ connection, bucket, prefix }: S3TestPlace): TargetDefinition {
  return {
    ...connection,
    bucket,
    key: '{{ key }}',
    // Amazon accepts letters, digits, spaces and + - = . _ : / @ only.
    tags: { team: 'data + more' },
    metadata: { Origin: 'azure' },
    overwrite: 'never',
    conditionalWrites: 'require',
    control: { bucket, prefix: `${prefix}/.longhaul` },
  };
}

async function inBatches(keys: readonly string[], act: (key: string) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < keys.length; at += 40) await Promise.all(keys.slice(at, at + 40).map(act));
}
