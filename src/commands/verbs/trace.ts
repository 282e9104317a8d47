import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';
import { findRound } from '../migration/find-round.js';
import { migrationOperand, namedMigration } from '../migration/named-migration.js';
import { formatCount } from '../../domain/text/format.js';
import { openProgressView, quietMs } from '../screen/open-progress-view.js';
import { sentenceFrame } from '../screen/progress-view.js';
import { lineageDocument, type LineageDocument } from '../trace/lineage-document.js';
import { type AskedPart, renderLineage } from '../trace/render-lineage.js';
import { tracedThing, type TracedThing } from '../trace/traced-thing.js';
import type { Verb } from '../verb.js';

/** `longhaul trace NAME|FILE KEY-UNIT-OR-BLOB` */
export const trace: Verb = {
  name: 'trace',
  summary: 'shows where an object came from, or which object a blob went into',
  description:
    'Reads the ledger and shows the lineage of one object: its proof, the source blobs that it was made of, in ' +
    'order, and what happened to its unit in each round. Name the object by its key or by the id of its unit; or ' +
    'name a source blob to see which object it went into.',
  operands: [
    migrationOperand,
    {
      name: 'key|unit|blob',
      description: 'a key (s3://bucket/key too), the id of a unit, or a blob as az://account/container/name',
    },
  ],
  options: [],
  variables: ['TEMPORAL_ADDRESS', 'LONGHAUL_PAYLOAD_CODEC', 'AWS_PROFILE'],
  examples: [
    { line: 'trace orders acme/2019-07', does: 'the lineage of a unit' },
    { line: 'trace orders s3://archive/orders/acme/2019-07.json.gz', does: 'the lineage of an object' },
    { line: 'trace orders az://east/events/a.bz2 --json', does: 'which object a source blob went into' },
  ],
  run: async ({ context, printer, operands }) => {
    const [operand = '', text = ''] = operands;
    const named = await namedMigration(operand);
    const temporal = await context.connectTemporal(context.environment);
    const view = openProgressView(context, quietMs);
    try {
      const found = await findRound(context, temporal, named);
      const { bucket } = found.staged.record.definition.target;
      const thing = tracedThing(text, bucket);
      const { findLineages } = await import('../trace/find-lineages.js');
      const { readReceiptBlobs } = await import('../../control/receipt-blobs.js');
      const progress = (receipts: number): void =>
        view.show(sentenceFrame(`reading ledgers: ${formatCount(receipts)} receipts`));
      const units: LineageDocument[] = [];
      for (const lineage of await findLineages(context, found, { thing, progress })) {
        const document = await lineageDocument(lineage, bucket, (receipt) =>
          readReceiptBlobs(found, receipt, context.signal),
        );
        if (document !== undefined) units.push(document);
      }
      view.close();
      if (units.length === 0) throw untraced(found.name, text);
      printer.say(units.map((unit) => renderLineage(unit, askedPart(thing, unit), context.out.style)).join('\n\n'));
      printer.document({ name: found.name, units });
      return exitStatus.done;
    } finally {
      view.close();
      await temporal.close();
    }
  },
};

/** The id of a unit, or a key, may look like a blob's name. */
function askedPart({ ids, blob }: TracedThing, { id, key, rounds }: LineageDocument): AskedPart {
  if (ids.has(id) || ids.has(key)) return {};
  const earlierKey = rounds.find((round) => ids.has(round.key))?.key;
  if (earlierKey !== undefined) return { earlierKey };
  return blob === undefined ? {} : { blob };
}

function untraced(name: string, text: string): CommandError {
  return new CommandError(
    exitStatus.usage,
    `The ledger of the migration ${name} has no unit, key or source blob ${text}`,
    {
      next:
        'names are compared whole, and units that have not ended yet are not in the ledger; a blob is written as ' +
        'az://account/container/name, with the account as the migration file calls it',
    },
  );
}
