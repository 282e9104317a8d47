import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { CommandError } from '../ending/command-error.js';
import { exitStatus, type ExitStatus } from '../ending/exit-status.js';
import { findRound, type FoundRound } from '../migration/find-round.js';
import { namedMigration } from '../migration/named-migration.js';
import { openSink } from '../output/open-sink.js';
import type { CommandContext } from '../ports/context.js';
import { formatCount } from '../../domain/text/format.js';
import { openProgressView, quietMs } from '../screen/open-progress-view.js';
import { sentenceFrame } from '../screen/progress-view.js';
import type { VerbCall } from '../verb.js';
import { type ExportCounts, exportLines } from './export-lines.js';

/** Runs `longhaul export`. */
export async function runExport({ context, printer, operands, options }: VerbCall): Promise<ExitStatus> {
  const { format, output } = options;
  const object = output?.startsWith('s3://') === true ? parseObject(output) : undefined;
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
    if (object === undefined) await toSink(context, { pieces, output, json: options.json });
    else await toObject(context, found, { ...object, pieces });
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
  // A failure of the pieces destroys the packer with the same error, which whoever reads from it then meets.
  pipeline(Readable.from(pieces), gzip, () => undefined);
  yield* gzip as AsyncIterable<Uint8Array>;
}

async function toSink(
  { out, signal }: CommandContext,
  to: { readonly pieces: AsyncIterable<Uint8Array>; readonly output: string | undefined; readonly json: boolean },
): Promise<void> {
  const sink = await openSink(to, out, signal);
  try {
    for await (const piece of to.pieces) await sink.write(piece);
    await sink.finish();
  } catch (error) {
    await sink.abandon();
    throw error;
  }
}

async function toObject(
  { stores, environment, signal }: CommandContext,
  { base, staged }: FoundRound,
  to: { readonly bucket: string; readonly key: string; readonly pieces: AsyncIterable<Uint8Array> },
): Promise<void> {
  const { target } = staged.record.definition;
  if (to.bucket === target.control.bucket && to.key.startsWith(`${base}/`)) {
    throw new CommandError(exitStatus.usage, `s3://${to.bucket}/${to.key} is below the migration's control prefix`, {
      next: 'name another key',
    });
  }
  const { overwriteStream } = await import('../../control/stored-object.js');
  const place = { target: { ...target, control: { ...target.control, bucket: to.bucket } } };
  await overwriteStream(await stores.openControl(place, environment), to, signal);
}

function parseObject(output: string): { readonly bucket: string; readonly key: string } {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(output) ?? [];
  if (bucket !== '') return { bucket, key };
  throw new CommandError(exitStatus.usage, `${output} names no object`, { next: 'write s3://bucket/key' });
}
