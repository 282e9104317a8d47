import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlKeys } from '../../control/control-keys.js';
import { controlRound, type StagedPrefix } from '../../control/control-prefix.js';
import { readReceipts } from '../../control/ledger/read-receipts.js';
import { readStagedSlice } from '../../control/staged-slice.js';
import { readManifestBlobs } from '../../control/stored-manifest.js';
import { overwriteStream } from '../../control/stored-object.js';
import {
  containerId,
  readContainerFindings,
  writeContainerFindings,
  writeUnclaimed,
} from '../../control/plan/stored-unclaimed.js';
import { Failure } from '../../domain/failure.js';
import { partitionSlices } from '../../domain/layout.js';
import type { FindRenderer } from '../../domain/rendered-find.js';
import { controlFormat } from '../../domain/stored/migration-record.js';
import { forEachAtOnce } from '../../flow/for-each-at-once.js';
import type { BlobSource } from '../source/blob-source.js';
import { listPages } from '../source/list-pages.js';
import { ClaimFiles, type ContainerPlace } from './claim-files.js';
import { examineContainer } from './examine-container.js';
import type { ListedItem } from './match-claims.js';
import { nameKey } from './name-key.js';

/** A plan all of whose units have been looked at. */
export interface UnclaimedJob extends StagedPrefix {
  readonly source: BlobSource;
  readonly find: FindRenderer;
  readonly progress: (progress: UnclaimedProgress) => void;
  readonly signal: AbortSignal;
}

/** How far it has come. */
export interface UnclaimedProgress {
  readonly phase: 'reading claims' | 'sorting claims' | 'listing containers';
  readonly claims: number;
  /** Containers with findings, and how many there are. */
  readonly containers: number;
  readonly of: number;
  /** Blobs listed by this attempt. */
  readonly listed: number;
}

// An account answers several listings at once; more would only be throttled.
const containersAtOnce = 4;

/**
 * Finds every blob that no unit of a plan claims, and every one that several do, in all containers that its lookups
 * name. What is found in a container is stored as soon as it is known, so that another attempt continues with the next
 * one. Memory is bounded; the claims are sorted on disk.
 */
export async function findUnclaimed(job: UnclaimedJob): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'longhaul-unclaimed-'));
  try {
    await examineAll(job, directory);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
    throw new Failure('WorkerResource/Disk', `the disk of ${directory} is full`, { cause: error });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function examineAll(job: UnclaimedJob, directory: string): Promise<void> {
  const { progress, signal } = job;
  const files = new ClaimFiles(directory);
  const state = { claims: 0, containers: 0, of: 0, listed: 0 };
  const tell = (phase: UnclaimedProgress['phase']): void => progress({ phase, ...state, of: files.places.length });
  await readPlaces(job, files);
  const unknownUnits = await readClaims(job, files, (claims) => {
    state.claims += claims;
    tell('reading claims');
  });
  tell('sorting claims');
  await files.divide();
  await forEachAtOnce(each(files.places), { atOnce: containersAtOnce, signal }, async (place, aborted) => {
    await examineOne({ ...job, signal: aborted }, files, place, (blobs) => {
      state.listed += blobs;
      tell('listing containers');
    });
    state.containers += 1;
    tell('listing containers');
  });
  const record = { containers: files.places.length, unknownUnits, endedAt: new Date().toISOString() };
  await writeUnclaimed(controlRound(job), { format: controlFormat, ...record }, signal);
}

/** Adds every container that a lookup of any unit names, whether or not it has found anything there. */
async function readPlaces(job: UnclaimedJob, files: ClaimFiles): Promise<void> {
  const { layout } = job.record;
  for (let partition = 0; partition < layout.partitions; partition += 1)
    for (const slice of partitionSlices(layout, partition)) {
      const { units } = await readStagedSlice(job, slice, job.signal);
      for (const unit of units) for (const lookup of job.find.lookups(unit)) files.addPlace(lookup);
    }
}

/** Reads the manifests of all units. Returns how many units have none although they failed. */
async function readClaims(job: UnclaimedJob, files: ClaimFiles, read: (claims: number) => void): Promise<number> {
  let unknownUnits = 0;
  for await (const receipts of readReceipts(job, job.signal))
    for (const { index: unit, manifest, state } of receipts) {
      if (manifest === undefined) {
        if (state === 'failed') unknownUnits += 1;
        continue;
      }
      const blobs = await readManifestBlobs(job, manifest, job.signal);
      for (const { account, container, name } of blobs) {
        const full = files.add({ account, container, name, unit });
        if (full !== undefined) await full;
      }
      read(blobs.length);
    }
  return unknownUnits;
}

async function examineOne(
  job: UnclaimedJob,
  files: ClaimFiles,
  place: ContainerPlace,
  listed: (blobs: number) => void,
): Promise<void> {
  const { control, base, record, source, signal } = job;
  const round = controlRound(job);
  if ((await readContainerFindings(round, place, signal)) !== undefined) return;
  const id = containerId(place);
  const examined = await examineContainer({
    ...{ place, directory: files.directory, name: id },
    claims: () => files.of(place),
    list: () => items(source, place, { signal, listed }),
  });
  try {
    const { sums, list, isMissing } = examined;
    const key = list && controlKeys.unclaimedList(base, record.round, id, randomUUID());
    if (list !== undefined && key !== undefined) await overwriteStream(control, { key, pieces: list }, signal);
    const { account, container } = place;
    const more = { ...(isMissing && { isMissing }), ...(key !== undefined && { list: key }) };
    await writeContainerFindings(round, { format: controlFormat, account, container, ...sums, ...more }, signal);
  } finally {
    await examined.remove();
  }
  await files.forget(place);
}

async function* items(
  source: BlobSource,
  { account, container }: ContainerPlace,
  { signal, listed }: { readonly signal: AbortSignal; readonly listed: (blobs: number) => void },
): AsyncGenerator<readonly ListedItem[]> {
  for await (const { blobs } of listPages(source, { account, container, prefix: '' }, signal)) {
    listed(blobs.length);
    yield blobs.map(({ name, bytes, lastModifiedMs }) => ({ key: nameKey(name), bytes, lastModifiedMs }));
  }
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
