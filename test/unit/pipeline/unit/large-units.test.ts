import { createHash } from 'node:crypto';
import { checkpointJson } from '../../../../src/control/checkpoint.js';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { controlKeys } from '../../../../src/control/control-keys.js';
import { Failure } from '../../../../src/domain/failure.js';
import { createProcessResources } from '../../../../src/flow/process-resources.js';
import { moveUnit } from '../../../../src/pipeline/unit/move-unit.js';
import { noise } from '../../../support/fakes/async-bytes.js';
import { dieAt, revive } from '../../../support/fakes/attempts.js';
import { useBzip2 } from '../../../support/corpora/bzip2.js';
import type { MemoryFault } from '../../../support/fakes/memory-faults.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';
import { MemoryMigration, smallDefinition } from '../../../support/fakes/memory-migration.js';

const MiB = 1024 * 1024;
// 34 MiB that hardly compress, in 7 blobs that are too large to be fetched whole: five parts.
const text = noise(34 * MiB, 7);
const blobs = 7;
const digest = createHash('sha256').update(text).digest('hex');

/** Blobs do not begin where segments do, so that a checkpoint is inside one. */
function blobStart(index: number): number {
  return index === 0 ? 0 : Math.min(index * 5 * MiB + 12_345, text.length);
}

const bzip2 = useBzip2();
useScaledTime(200);

function largeUnit() {
  const migration = new MemoryMigration({
    units: 1,
    definition: smallDefinition({ transform: { decompress: 'none', level: 1 } }),
  });
  for (let index = 0; index < blobs; index += 1) {
    const name = String(index).padStart(2, '0');
    migration.addBlob(0, name, text.subarray(blobStart(index), blobStart(index + 1)));
  }
  /** One attempt of a process of its own. */
  const attempt = (askFirst = true) =>
    moveUnit({
      unit: migration.unit,
      resources: migration.resources,
      process: createProcessResources({}),
      askFirst,
      moved: () => undefined,
      buildInfo: 'longhaul test',
      signal: new AbortController().signal,
    });
  const object = () => migration.target.objects.get('orders/unit-0.gz');
  return { migration, attempt, object };
}

describe('a large unit whose attempt dies', () => {
  it('is resumed at the last part of its checkpoint, and ends as the bytes of an undisturbed run', async () => {
    const undisturbed = largeUnit();
    await undisturbed.attempt(false);
    const { migration, attempt, object } = largeUnit();

    for (let death = 0; death < 4; death += 1) {
      const sent = migration.target.requests.count('uploadPart');
      dieAt(migration, ({ kind, count }) => kind === 'uploadPart' && count >= sent + 1);
      await expect(attempt(death > 0)).rejects.toThrow('no more');
      revive(migration);
    }
    const receipt = await attempt();

    expect(receipt).toMatchObject({
      state: 'done',
      raw: { sha256: digest },
      bytes: { raw: text.length },
      target: { parts: 5 },
    });
    expect(gunzipSync(object()!.bytes).equals(text)).toBe(true);
    expect(object()!.bytes.equals(undisturbed.object()!.bytes)).toBe(true);
    // One upload for all attempts.
    expect(migration.target.requests.count('createUpload')).toBe(1);
  });

  it('reads again at most the blobs after the last durable part, and resends no part of the checkpoint', async () => {
    const { migration, attempt } = largeUnit();
    dieAt(migration, ({ kind, count }) => kind === 'uploadPart' && count === 3);
    await expect(attempt(false)).rejects.toThrow('no more');
    revive(migration);
    const { parts, position } = migration.checkpoint(0);
    expect(parts.length).toBeGreaterThan(0);
    expect(position.offset).toBeGreaterThan(0);
    const opened = migration.source.requests.count('open');
    const sent = migration.target.requests.count('uploadPart');

    await attempt();

    expect(migration.source.requests.count('open') - opened).toBe(blobs - position.blob);
    expect(migration.target.requests.count('uploadPart') - sent).toBe(5 - parts.length);
  });

  it('starts again when this build cannot read its saved digest', async () => {
    const { migration, attempt, object } = largeUnit();
    dieAt(migration, ({ kind, count }) => kind === 'uploadPart' && count === 3);
    await expect(attempt(false)).rejects.toThrow('no more');
    revive(migration);
    const checkpoint = migration.checkpoint(0);
    const raw = { ...checkpoint.position.raw, sha256State: Buffer.from('of another build').toString('base64') };
    const key = controlKeys.upload(migration.base, 0, 0);
    const unreadable = { ...checkpoint, position: { ...checkpoint.position, raw } };
    migration.control.objects.set(key, Buffer.from(JSON.stringify(unreadable)));

    expect(await attempt()).toMatchObject({ state: 'done', raw: { sha256: digest }, target: { parts: 5 } });
    expect(gunzipSync(object()!.bytes).equals(text)).toBe(true);
    expect(migration.target.requests.count('createUpload')).toBe(2);
  });

  it('between its Complete and its receipt is found by HEAD, with the digests of the checkpoint', async () => {
    const { migration, attempt } = largeUnit();
    await attempt(false);
    const opened = migration.source.requests.count('open');

    expect(await attempt()).toMatchObject({ state: 'found', raw: { sha256: digest } });
    expect(migration.source.requests.count('open')).toBe(opened);
    expect(migration.target.requests.count('get')).toBe(0);
  });

  it('between its last part and its Complete sends the last part again, and the object has one end', async () => {
    const undisturbed = largeUnit();
    await undisturbed.attempt(false);
    const { migration, attempt, object } = largeUnit();
    const write = migration.control.write.bind(migration.control);
    migration.control.write = async (key, bytes, ...rest) => {
      const { completing } = JSON.parse(Buffer.from(bytes).toString()) as { completing?: unknown };
      if (completing !== undefined) throw new Failure('Unexpected', 'the process is no more');
      return await write(key, bytes, ...rest);
    };
    for (let death = 0; death < 2; death += 1) {
      await expect(attempt()).rejects.toThrow('no more');
      expect(migration.checkpoint(0).parts.length).toBeLessThan(5);
    }
    migration.control.write = write;

    expect(await attempt()).toMatchObject({ state: 'done', raw: { sha256: digest }, target: { parts: 5 } });
    expect(object()!.bytes.equals(undisturbed.object()!.bytes)).toBe(true);
  });

  it('before its Complete is completed without reading or sending a byte', async () => {
    const { migration, attempt, object } = largeUnit();
    dieAt(migration, ({ kind }) => kind === 'completeUpload');
    await expect(attempt(false)).rejects.toThrow('no more');
    revive(migration);
    const opened = migration.source.requests.count('open');
    const sent = migration.target.requests.count('uploadPart');

    expect(await attempt()).toMatchObject({ state: 'done', raw: { sha256: digest } });
    expect(migration.source.requests.count('open')).toBe(opened);
    expect(migration.target.requests.count('uploadPart')).toBe(sent);
    expect(gunzipSync(object()!.bytes).equals(text)).toBe(true);
  });
});

describe('a checkpoint that cannot be resumed', () => {
  async function interrupted() {
    const unit = largeUnit();
    dieAt(unit.migration, ({ kind, count }) => kind === 'uploadPart' && count === 3);
    await expect(unit.attempt(false)).rejects.toThrow('no more');
    revive(unit.migration);
    return unit;
  }

  function change(migration: MemoryMigration, changes: Record<string, unknown>) {
    const [key] = [...migration.control.objects.keys()].filter((each) => each.includes('/uploads/'));
    migration.control.objects.set(key!, Buffer.from(checkpointJson.bytes({ ...migration.checkpoint(0), ...changes })));
  }

  it.each([
    ['another encoder', { encoder: 'zlib 0.0.1 level 1' }],
    ['another manifest', { manifest: 'of other blobs' }],
  ])('because of %s begins a new upload and remembers the old one', async (_title, changes) => {
    const { migration, attempt, object } = await interrupted();
    const { uploadId } = migration.checkpoint(0);
    change(migration, changes);

    expect(await attempt()).toMatchObject({ state: 'done', raw: { sha256: digest } });
    expect(gunzipSync(object()!.bytes).equals(text)).toBe(true);
    expect(migration.checkpoint(0).earlier).toEqual([uploadId]);
    expect(migration.target.requests.count('createUpload')).toBe(2);
  });

  it('because a part is not the one that the store has begins a new upload', async () => {
    const { migration, attempt } = await interrupted();
    const { parts } = migration.checkpoint(0);
    change(migration, { parts: parts.map((part) => ({ ...part, etag: '"another"' })) });
    expect(await attempt()).toMatchObject({ state: 'done', raw: { sha256: digest } });
    expect(migration.target.requests.count('createUpload')).toBe(2);
  });

  it('because its upload was aborted begins a new one', async () => {
    const { migration, attempt } = await interrupted();
    migration.target.uploads.clear();
    expect(await attempt()).toMatchObject({ state: 'done', raw: { sha256: digest } });
  });

  it('because a newer version wrote it is left alone', async () => {
    const { migration, attempt } = await interrupted();
    change(migration, { format: 2 });
    await expect(attempt()).rejects.toMatchObject({ failureClass: 'FormatTooNew' });
  });
});

it('an attempt that was overtaken stops at its next checkpoint and publishes nothing', async () => {
  const { migration, attempt, object } = largeUnit();
  let overtaken = false;
  migration.target.requests.hook = async ({ kind, count }): Promise<MemoryFault | undefined> => {
    if (kind !== 'uploadPart' || count !== 2 || overtaken) return undefined;
    overtaken = true;
    await attempt();
    migration.target.objects.clear();
    return undefined;
  };
  // By its next checkpoint or its next part, whichever comes first.
  await expect(attempt(false)).rejects.toThrow(/another attempt goes on|no such upload/);
  expect(object()).toBeUndefined();
});

it('a small source that expands beyond measure is still uploaded in parts', async () => {
  const migration = new MemoryMigration({
    units: 1,
    definition: smallDefinition({ transform: { decompress: 'bzip2', level: 0 } }),
  });
  migration.addBlob(0, 'zeros', await bzip2(Buffer.alloc(20 * MiB)));
  const receipt = await moveUnit({
    unit: migration.unit,
    resources: migration.resources,
    process: createProcessResources({}),
    askFirst: false,
    moved: () => undefined,
    buildInfo: 'longhaul test',
    signal: new AbortController().signal,
  });
  expect(receipt).toMatchObject({ state: 'done', bytes: { raw: 20 * MiB }, target: { parts: 3 } });
  expect(migration.target.requests.count('createUpload')).toBe(1);
});
