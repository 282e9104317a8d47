import { gunzipSync } from 'node:zlib';
import { parseDefinition } from '../../../src/definition/parse-definition.js';
import { stageAgain } from '../../../src/staging/stage-again.js';
import { stageMigration } from '../../../src/staging/stage-migration.js';
import type { UnitLine } from '../../../src/definition/units/unit-line.js';
import type { MigrationRecord } from '../../../src/domain/stored/migration-record.js';
import { receiptTally, type Receipt } from '../../../src/domain/receipt.js';
import { addTallies, emptyTally } from '../../../src/domain/figures/tally.js';
import type { StagedUnit } from '../../../src/domain/unit.js';
import { overallUnits } from '../../../src/domain/figures/unit-figures.js';
import { smallReceipt } from '../../support/fakes/small-receipt.js';
import { exampleFile } from '../definition/example-file.js';
import { MemoryStore } from './staging-store.js';

const base = '.longhaul/orders';

/** Stages the rounds of a migration, a unit for each name, in memory and in temporary files of a folder. */
export class StagedRounds {
  readonly store = new MemoryStore();

  constructor(readonly temporaryDirectory: string) {}

  start(names: readonly string[], newestRound: number, file = exampleFile) {
    return stageMigration({ ...this.#common(names, file), newestRound });
  }

  async first(names: readonly string[]): Promise<MigrationRecord> {
    return (await this.start(names, 0)).record;
  }

  again(
    previous: MigrationRecord,
    receipts: readonly Receipt[],
    names: readonly string[],
    file = exampleFile,
    buckets?: { readonly buckets: number; readonly gatheredBytes: number },
  ): Promise<MigrationRecord> {
    const newest = new Map(receipts.map((receipt) => [receipt.index, receipt]));
    const tally = [...newest.values()].map(receiptTally).reduce(addTallies, emptyTally);
    return stageAgain({
      ...this.#common(names, file),
      ...{ previous, buckets, receipts: eachOf(receipts) },
      before: overallUnits(undefined, { total: previous.before?.total ?? previous.layout.units, tally }),
    });
  }

  /** Returns the units that a round has staged, in order. */
  staged({ round, unitsDigest, layout }: MigrationRecord): readonly StagedUnit[] {
    return Array.from({ length: layout.slices }, (_, number) => {
      const place = `p${String(Math.floor(number / 4)).padStart(4, '0')}/s${String(number % 4).padStart(4, '0')}`;
      const key = `${base}/r000${String(round)}/units-${unitsDigest}/${place}.ndjson.gz`;
      const text = gunzipSync(this.store.objects.get(key)!).toString().trimEnd();
      return text.split('\n').map((line) => JSON.parse(line) as StagedUnit);
    }).flat();
  }

  #common(names: readonly string[], file: string) {
    return {
      definition: parseDefinition(file, 'm.yaml'),
      units: lines(names),
      ...{ store: this.store, base, version: '1.2.3', temporaryDirectory: this.temporaryDirectory },
      now: () => new Date('2026-01-02T03:04:05Z'),
      signal: new AbortController().signal,
    };
  }
}

/** Returns the receipt of a unit that is done. */
export function done(index: number, name: string): Receipt {
  return {
    ...smallReceipt(index, `${name}/2019-07`),
    manifest: { digest: `m-${name}`, blobs: [] },
    target: { etag: `"${name}"`, checksum: null, parts: 1 },
  };
}

/** Returns the receipt of a unit that has failed. */
export function failed(index: number, name: string): Receipt {
  const { raw: _raw, target: _target, ...receipt } = smallReceipt(index, `${name}/2019-07`);
  return { ...receipt, state: 'failed', class: 'EmptyUnit', message: 'no blob matched' };
}

/** Returns the receipt of a unit without an object. */
export function empty(index: number, name: string): Receipt {
  const { raw: _raw, target: _target, ...receipt } = smallReceipt(index, `${name}/2019-07`);
  return { ...receipt, state: 'empty' };
}

async function* lines(names: readonly string[]): AsyncGenerator<UnitLine> {
  for (const [index, tenant] of names.entries()) {
    yield { line: index + 2, fields: { tenant, month: '2019-07' }, text: `${tenant},2019-07` };
  }
}

async function* eachOf(receipts: readonly Receipt[]): AsyncGenerator<Receipt> {
  yield* receipts;
}
