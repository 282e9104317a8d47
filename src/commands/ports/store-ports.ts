import type { Definition, S3Connection } from '../../domain/definition.js';
import type { MigrationRecord } from '../../domain/migration-record.js';
import type { Receipt } from '../../domain/receipt.js';
import type { SliceTask } from '../../domain/slice-report.js';
import type { Tally } from '../../domain/tally.js';
import type { StagedUnit } from '../../domain/unit.js';
import type { Environment } from '../../env.js';
import type { StackDescription } from '../../local/state/stack-description.js';
import type { ControlStore } from '../../control/control-store.js';

/** Object storage as the verbs see it. Errors are `Failure`s of the stores' classes; credentials come from the environment given. */
export interface StorePorts {
  /** Opens the control prefix of a migration. */
  openControl(definition: ControlPlaceOf, environment: Environment): Promise<ControlStore>;
  /** Rejects with `TargetMissing` when the target bucket is not there, with another class when it cannot be asked. */
  checkTargetBucket(definition: Definition, environment: Environment, signal: AbortSignal): Promise<void>;
  /** Reads all ledgers of a round. */
  sumLedgers(record: MigrationRecord, control: ControlStore, signal: AbortSignal): Promise<LedgerSums>;
  /** Reads the receipts of a round, one slice's after another's, a few ledgers ahead. */
  readReceipts(record: MigrationRecord, control: ControlStore, signal: AbortSignal): AsyncIterable<readonly Receipt[]>;
  /** Reads the units of one slice as a round had staged them. */
  readStagedUnits(
    place: { readonly base: string; readonly control: ControlStore; readonly record: MigrationRecord },
    slice: SliceTask,
    signal: AbortSignal,
  ): Promise<readonly StagedUnit[]>;
  /** Opens the stores of a local stack for a demo that moves to this bucket. */
  openDemo(stores: NonNullable<StackDescription['stores']>, bucket: string): Promise<DemoStores>;
}

/** As much of a definition as tells where its control prefix lies. */
export interface ControlPlaceOf {
  readonly target: S3Connection &
    Pick<Definition['target'], 'control'> &
    Partial<Pick<Definition['target'], 'conditionalWrites'>>;
}

/** What the ledgers of a round say together. */
export interface LedgerSums {
  readonly tally: Tally;
  /** Receipts of failed units, lowest index first, a handful at most. */
  readonly firstFailed: readonly Receipt[];
}

/** Where the demo's data is put and its objects are read back. `account` is the name of an account of the local stack. */
export interface DemoStores {
  ensureBucket(signal: AbortSignal): Promise<void>;
  ensureContainer(place: { readonly account: string; readonly container: string }, signal: AbortSignal): Promise<void>;
  deleteContainer(place: { readonly account: string; readonly container: string }, signal: AbortSignal): Promise<void>;
  putBlob(
    blob: { readonly account: string; readonly container: string; readonly name: string; readonly bytes: Uint8Array },
    signal: AbortSignal,
  ): Promise<void>;
  /** Gives the keys below a prefix, in no promised order. */
  listKeys(prefix: string, signal: AbortSignal): AsyncIterable<string>;
  /** Gives an object's bytes; fails with `TargetRace` when it is gone. */
  readObject(key: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  deleteObject(key: string, signal: AbortSignal): Promise<void>;
  close(): void;
}
