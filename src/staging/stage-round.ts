import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlKeys } from '../control/control-keys.js';
import type { ControlStore } from '../control/control-store.js';
import { readRecord, writeRecord } from '../control/stored-record.js';
import { Failure } from '../domain/failure.js';
import { planLayout } from '../domain/layout.js';
import type { MigrationRecord } from '../domain/stored/migration-record.js';
import type { StagedUnit } from '../domain/unit.js';
import { onDisk, SpoolFile } from './spool-file.js';
import type { StagingProgress } from './spool-units.js';
import { writeSlices } from './write-slices.js';

/** What is needed to stage a round over given units. */
export interface NewRound {
  readonly store: ControlStore;
  /** Key base of the control objects. */
  readonly base: string;
  /** What the record of the round says, besides its units and when they were staged. */
  readonly says: Omit<MigrationRecord, 'unitsDigest' | 'layout' | 'version' | 'stagedAt'>;
  /** At least one unit, each with its index. */
  readonly units: AsyncIterable<StagedUnit>;
  /** Longhaul's version. */
  readonly version: string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly progress?: ((progress: StagingProgress) => void) | undefined;
}

/**
 * Stages a round: its units first, each with its position, then `migration.json`, only if there is none. Fails with
 * `ConfigError/Changed` if somebody else has staged the round in the meantime.
 */
export async function stageRound(request: NewRound): Promise<MigrationRecord> {
  const { store, base, says, signal, progress } = request;
  const parent = join(tmpdir(), 'longhaul-staging-');
  const directory = await onDisk(parent, () => mkdtemp(parent));
  try {
    const digest = createHash('sha256');
    const spool = await SpoolFile.create(join(directory, 'units.ndjson'), (bytes) => digest.update(bytes));
    let count = 0;
    try {
      for await (const unit of request.units) {
        await spool.add(JSON.stringify({ ...unit, position: count }));
        count += 1;
      }
      await spool.flush();
    } finally {
      await spool.close();
    }
    const layout = planLayout(count);
    const unitsDigest = digest.digest('hex');
    const spooled = { layout, unitsDigest, blocks: () => spool.blocks() };
    await writeSlices({ spooled, store, base, round: says.round, signal, progress });
    const { version, now } = request;
    const record = { ...says, unitsDigest, layout, version, stagedAt: now().toISOString() };
    await commit(request, record);
    return record;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Writes the record, and settles a lost reply by reading it back. */
async function commit({ store, base, signal }: NewRound, record: MigrationRecord): Promise<void> {
  const place = { control: store, base, round: record.round };
  const written = await writeRecord(place, { record, replaces: undefined }, signal);
  if (written.state === 'written') return;
  const there = await readRecord(place, signal);
  const key = controlKeys.migration(base, record.round);
  if (there !== undefined && JSON.stringify(there.record) === JSON.stringify(record)) return;
  if (there === undefined) throw new Failure('TargetUnknownOutcome', `${key} may not have been written; try again`);
  throw new Failure('ConfigError/Changed', `${key} has been staged by somebody else in the meantime`);
}
