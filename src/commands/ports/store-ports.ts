import type { Definition, S3Connection } from '../../domain/definition.js';
import type { CheckTargetInput } from '../../activities/activity-messages.js';
import type { Probe } from '../../domain/probe.js';
import type { MigrationRecord } from '../../domain/stored/migration-record.js';
import type { Receipt } from '../../domain/receipt.js';
import type { SliceTask } from '../../domain/figures/slice-report.js';
import type { StagedUnit } from '../../domain/unit.js';
import type { Environment } from '../../env.js';
import type { StackDescription } from '../../local/state/stack-description.js';
import type { ControlStore } from '../../control/control-store.js';
import type { LedgerSums } from '../../control/ledger/sum-ledgers.js';

/** Object storage as the verbs see it. Errors are `Failure`s; credentials come from the given environment. */
export interface StorePorts {
  /** Opens the control prefix of a migration. */
  openControl(definition: ControlPlaceOf, environment: Environment): Promise<ControlStore>;
  /** Rejects with `TargetMissing` if the target bucket does not exist, with another class if the store cannot tell. */
  checkTargetBucket(definition: Definition, environment: Environment, signal: AbortSignal): Promise<void>;
  /** Looks at everything that a migration relies on at its target, and leaves nothing behind. */
  probeTarget(
    check: CheckTargetInput & { readonly nowMs: number; readonly advanced: () => void },
    environment: Environment,
    signal: AbortSignal,
  ): Promise<readonly Probe[]>;
  /** Reads all ledgers of a round. */
  sumLedgers(record: MigrationRecord, control: ControlStore, signal: AbortSignal): Promise<LedgerSums>;
  /** Reads the receipts of a round, slice by slice, a few ledgers ahead. */
  readReceipts(record: MigrationRecord, control: ControlStore, signal: AbortSignal): AsyncIterable<readonly Receipt[]>;
  /** Reads the units of a slice as they were staged. */
  readStagedUnits(
    place: { readonly base: string; readonly control: ControlStore; readonly record: MigrationRecord },
    slice: SliceTask,
    signal: AbortSignal,
  ): Promise<readonly StagedUnit[]>;
  /** Opens the target of a migration for aborting uploads that were left open. */
  openUploads(definition: Definition, environment: Environment): Promise<OpenUploads>;
  /** Opens the stores of a local stack for a demo with this bucket. */
  openDemo(stores: NonNullable<StackDescription['stores']>, bucket: string): Promise<DemoStores>;
}

/** The uploads of a migration's target. */
export interface OpenUploads {
  /** Aborts one upload. May be repeated; an upload that no longer exists is no failure. */
  abortUpload(key: string, uploadId: string, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** The part of a definition that says where its control prefix is. */
export interface ControlPlaceOf {
  readonly target: S3Connection &
    Pick<Definition['target'], 'control'> &
    Partial<Pick<Definition['target'], 'conditionalWrites'>>;
}

/**
 * The stores that a demo writes its data to and reads its objects back from. `account` names an account of the local
 * stack.
 */
export interface DemoStores {
  ensureBucket(signal: AbortSignal): Promise<void>;
  ensureContainer(place: { readonly account: string; readonly container: string }, signal: AbortSignal): Promise<void>;
  deleteContainer(place: { readonly account: string; readonly container: string }, signal: AbortSignal): Promise<void>;
  putBlob(
    blob: { readonly account: string; readonly container: string; readonly name: string; readonly bytes: Uint8Array },
    signal: AbortSignal,
  ): Promise<void>;
  /** Yields the keys below a prefix, in no particular order. */
  listKeys(prefix: string, signal: AbortSignal): AsyncIterable<string>;
  /** Yields an object's bytes. Fails with `TargetRace` if it is gone. */
  readObject(key: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  deleteObject(key: string, signal: AbortSignal): Promise<void>;
  close(): void;
}
