import { allReceipts, type RoundReader } from '../../control/ledger/all-receipts.js';
import type { RoundReceipt } from '../../control/ledger/unit-histories.js';
import { readManifestBlobs } from '../../control/stored-manifest.js';
import { blobLabel } from '../../domain/manifest.js';
import type { Receipt } from '../../domain/receipt.js';
import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';
import type { FoundRound } from '../migration/find-round.js';
import type { CommandContext } from '../ports/context.js';
import { formatCount } from '../../domain/text/format.js';
import type { TracedThing } from './traced-thing.js';

/** Every receipt of one unit, oldest round first; there is at least one. */
export type Lineage = readonly RoundReceipt[];

// A blob shared by more units than this is not a question about lineage.
const unitsMax = 1_000;

/**
 * Finds the units that a text names: by id, by key, or by a blob that one of their manifests has had in any round.
 * Reads all ledgers once, or twice where there is more than one round, and holds only the receipts of what it found.
 */
export async function findLineages(
  context: Pick<CommandContext, 'stores' | 'signal'>,
  found: FoundRound,
  { thing, progress }: { readonly thing: TracedThing; readonly progress: (receipts: number) => void },
): Promise<readonly Lineage[]> {
  const receipts = receiptsOf(context, found, progress);
  const lineages = new Map<number, RoundReceipt[]>();
  for await (const one of receipts()) {
    if (!(await isNamed(one.receipt, thing, found, context.signal))) continue;
    lineages.set(one.receipt.index, [...(lineages.get(one.receipt.index) ?? []), one]);
    if (lineages.size > unitsMax) throw tooMany(thing.text);
  }
  if (lineages.size === 0 || found.staged.record.round === 0) return [...lineages.values()];
  // A blob may be in the manifest of one round only, and another definition may have given the unit another key.
  for (const index of lineages.keys()) lineages.set(index, []);
  for await (const one of receipts()) lineages.get(one.receipt.index)?.push(one);
  return [...lineages.values()];
}

function receiptsOf(
  { stores, signal }: Pick<CommandContext, 'stores' | 'signal'>,
  found: FoundRound,
  progress: (receipts: number) => void,
): () => AsyncGenerator<RoundReceipt> {
  const readRound: RoundReader = ({ record, control }, until) => stores.readReceipts(record, control, until);
  let read = 0;
  return async function* () {
    for await (const { record, receipts } of allReceipts(
      { ...found, record: found.staged.record },
      readRound,
      signal,
    )) {
      for (const receipt of receipts) yield { round: record.round, receipt };
      read += receipts.length;
      progress(read);
    }
  };
}

async function isNamed(
  receipt: Receipt,
  { ids, blob }: TracedThing,
  found: FoundRound,
  signal: AbortSignal,
): Promise<boolean> {
  if (ids.has(receipt.id) || ids.has(receipt.key)) return true;
  if (blob === undefined) return false;
  if (receipt.blob === blob) return true;
  if (receipt.manifest === undefined) return false;
  return (await readManifestBlobs(found, receipt.manifest, signal)).some((each) => blobLabel(each) === blob);
}

function tooMany(text: string): CommandError {
  return new CommandError(exitStatus.usage, `More than ${formatCount(unitsMax)} units have ${text}`, {
    next: 'name one of the units, or the key of its object',
  });
}
