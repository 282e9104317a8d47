import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { exitStatus, type ExitStatus } from '../ending/exit-status.js';
import { findRound } from '../migration/find-round.js';
import { namedMigration } from '../migration/named-migration.js';
import { outputPlace, writeOutput } from '../output/write-output.js';
import { formatCount } from '../../domain/text/format.js';
import { openProgressView, quietMs } from '../screen/open-progress-view.js';
import { sentenceFrame } from '../screen/progress-view.js';
import type { VerbCall } from '../verb.js';
import { type ExportCounts, exportLines } from './export-lines.js';

/** Runs `longhaul export`. */
export async function runExport({ context, printer, operands, options }: VerbCall): Promise<ExitStatus> {
  const { format, output } = options;
  const place = outputPlace(output);
  const named = await namedMigration(operands[0] ?? '');
  const temporal = await context.connectTemporal(context.environment);
  const view = openProgressView(context, quietMs);
  try {
    const found = await findRound(context, temporal, named);
    const counts: ExportCounts = { units: 0, blobs: 0 };
    const shown = (): string => `${formatCount(counts.units)} units and ${formatCount(counts.blobs)} blobs`;
    const lines = told(exportLines(context, found, { format, counts }), () =>
      view.show(sentenceFrame(`exporting: ${shown()}`)),
    );
    const pieces = output?.endsWith('.gz') === true ? packed(lines) : lines;
    await writeOutput(context, found, { place, json: options.json, pieces });
    view.close();
    if (output !== undefined) printer.say(`Exported ${shown()} of the migration ${found.name} to ${output}.`);
    printer.document({ name: found.name, format, output: output ?? null, ...counts });
    return exitStatus.done;
  } finally {
    view.close();
    await temporal.close();
  }
}

async function* told(lines: AsyncIterable<string>, tell: () => void): AsyncGenerator<Uint8Array> {
  for await (const text of lines) {
    yield Buffer.from(text);
    tell();
  }
}

async function* packed(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip();
  // If the pieces fail, the packer is destroyed with the same error, which its reader then gets.
  pipeline(Readable.from(pieces), gzip, () => undefined);
  yield* gzip as AsyncIterable<Uint8Array>;
}
