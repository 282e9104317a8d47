import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlKeys } from '../../control/control-keys.js';
import { controlRound, type StagedPrefix } from '../../control/control-prefix.js';
import { readStagedSlice } from '../../control/staged-slice.js';
import { overwriteStream } from '../../control/stored-object.js';
import { readRecord } from '../../control/stored-record.js';
import { containerId, readContainerFindings, writeContainerFindings } from '../../control/plan/stored-unclaimed.js';
import { Failure } from '../../domain/failure.js';
import { migrationOf } from '../../domain/ids.js';
import { partitionSlices } from '../../domain/layout.js';
import { controlBase, controlFormat, type MigrationRecord } from '../../domain/stored/migration-record.js';
import type { ContainerFindings } from '../../domain/stored/unclaimed-records.js';
import type { AdditionalObjects } from '../../domain/stored/verification-records.js';
import { allPages } from '../../flow/all-pages.js';
import type { ObjectTarget } from '../publish/object-target.js';
import { ClaimFiles } from '../unclaimed/claim-files.js';
import { examineContainer } from '../unclaimed/examine-container.js';
import type { ListedItem } from '../unclaimed/match-claims.js';
import { nameKey } from '../unclaimed/name-key.js';
import { KeyGroups } from './key-groups.js';

/** A verification, and what finding additional objects needs. */
export interface AdditionalJob extends StagedPrefix {
  readonly target: Pick<ObjectTarget, 'listPage'>;
  readonly listed: (objects: number) => void;
  readonly signal: AbortSignal;
}

/** A round was staged while a prefix was listed: what looks additional may be its objects. */
class RoundsChanged extends Error {
  override readonly name = 'RoundsChanged';
}

// If more rounds than this are staged while the keys are listed, rounds are staged all the time.
const attemptsMax = 5;

/**
 * Finds every object below the common folders of a migration's keys that no unit of any round names. What is found
 * below a folder is stored as soon as it is known, so that another attempt continues with the next one. Memory is
 * bounded; the keys are sorted on disk.
 */
export async function findAdditional(job: AdditionalJob): Promise<AdditionalObjects> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const directory = await mkdtemp(join(tmpdir(), 'longhaul-additional-'));
    try {
      return await examineAll(job, directory);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code === 'ENOSPC' || code === 'EDQUOT')
        throw new Failure('WorkerResource/Disk', `the disk of ${directory} is full`, { cause: error });
      if (!(error instanceof RoundsChanged)) throw error;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  throw new Failure('TargetRace', `rounds of ${migrationOf(job.record.name)} are staged all the time`);
}

async function examineAll(job: AdditionalJob, directory: string): Promise<AdditionalObjects> {
  const { bucket } = job.record.definition.target;
  const files = new ClaimFiles(directory);
  const groups = new KeyGroups();
  const rounds = await readRounds(job);
  for (const record of rounds) await addKeys(job, record, { files, groups, bucket });
  await files.divide();
  const prefixes: AdditionalObjects['prefixes'][number][] = [];
  const sum = { objects: 0, bytes: 0 };
  for (const [group, folder] of groups.folders) {
    const { unclaimed, shapes, list } = await examineFolder(job, { files, group, folder, rounds: rounds.length });
    sum.objects += unclaimed.blobs;
    sum.bytes += unclaimed.bytes;
    const first = shapes.slice(0, shapesPerPrefix);
    prefixes.push({ prefix: folder, ...unclaimed, shapes: first, ...(list !== undefined && { list }) });
  }
  return { ...sum, prefixes: withFewShapes(prefixes) };
}

// The findings of a folder have all of its shapes; the result is one record, however many folders there are.
const shapesPerPrefix = 10;
const shapesMax = 100;

/** Keeps the shapes with the most objects over all prefixes. */
function withFewShapes(prefixes: AdditionalObjects['prefixes']): AdditionalObjects['prefixes'] {
  const all = prefixes.flatMap(({ shapes }) => shapes).sort((a, b) => b.blobs - a.blobs);
  const kept = new Set(all.slice(0, shapesMax));
  return prefixes.map((prefix) => ({ ...prefix, shapes: prefix.shapes.filter((shape) => kept.has(shape)) }));
}

/** Reads the rounds of the migration, as they are now. */
async function readRounds({ control, record, signal }: AdditionalJob, from = 0): Promise<readonly MigrationRecord[]> {
  const base = controlBase({ prefix: record.definition.target.control.prefix, name: migrationOf(record.name) });
  const records: MigrationRecord[] = [];
  for (let round = from; ; round += 1) {
    const stored = await readRecord({ control, base, round }, signal);
    if (stored === undefined) return records;
    records.push(stored.record);
  }
}

async function addKeys(
  { control, signal }: AdditionalJob,
  record: MigrationRecord,
  to: { readonly files: ClaimFiles; readonly groups: KeyGroups; readonly bucket: string },
): Promise<void> {
  const { layout, definition, name } = record;
  const base = controlBase({ prefix: definition.target.control.prefix, name });
  for (let partition = 0; partition < layout.partitions; partition += 1)
    for (const slice of partitionSlices(layout, partition)) {
      const { units } = await readStagedSlice({ control, base, record }, slice, signal);
      for (const { key, index } of units) {
        const group = to.groups.add(key);
        if (group === undefined) continue;
        const full = to.files.add({ account: to.bucket, container: group, name: key, unit: index });
        if (full !== undefined) await full;
      }
    }
}

async function examineFolder(
  job: AdditionalJob,
  given: { readonly files: ClaimFiles; readonly group: string; readonly folder: string; readonly rounds: number },
): Promise<ContainerFindings> {
  const { control, base, record, signal } = job;
  const { files, group, folder, rounds } = given;
  const { bucket: account } = record.definition.target;
  const round = controlRound(job);
  const place = { account, container: folder };
  const known = await readContainerFindings(round, place, signal);
  if (known !== undefined) return known;
  const id = containerId(place);
  const examined = await examineContainer({
    ...{ place, directory: files.directory, name: id },
    claims: () => files.of({ account, container: group }),
    list: () => items(job, folder),
  });
  try {
    if ((await readRounds(job, rounds)).length > 0) throw new RoundsChanged();
    const key = examined.list && controlKeys.unclaimedList(base, record.round, id, randomUUID());
    if (examined.list !== undefined && key !== undefined)
      await overwriteStream(control, { key, pieces: examined.list }, signal);
    const findings = { format: controlFormat, ...place, ...examined.sums, ...(key !== undefined && { list: key }) };
    await writeContainerFindings(round, findings, signal);
    return findings;
  } finally {
    await examined.remove();
  }
}

async function* items(
  { target, record, listed, signal }: AdditionalJob,
  prefix: string,
): AsyncGenerator<readonly ListedItem[]> {
  const { bucket, control } = record.definition.target;
  const isOwn = (key: string): boolean => bucket === control.bucket && key.startsWith(`${control.prefix}/`);
  const ask = (after: string | undefined) => target.listPage(prefix, after, signal);
  for await (const { objects } of allPages(ask, `list ${prefix}`, signal)) {
    listed(objects.length);
    yield objects.filter(({ key }) => !isOwn(key)).map(({ key, ...amount }) => ({ key: nameKey(key), ...amount }));
  }
}
