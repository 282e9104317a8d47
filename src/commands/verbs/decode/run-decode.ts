import { defaultRules } from '../../../definition/default-rules.js';
import { Failure } from '../../../domain/failure.js';
import type { BlobVerdict } from '../../../pipeline/decode/decode-blob.js';
import { CommandError } from '../../ending/command-error.js';
import { parsePlace } from '../../migration/parse-place.js';
import type { ByteSink } from '../../output/byte-sink.js';
import { openSink } from '../../output/open-sink.js';
import { exitStatus, type ExitStatus } from '../../ending/exit-status.js';
import { formatCount } from '../../../domain/text/format.js';
import { readMigrationFile } from '../../migration/read-migration-file.js';
import { refusalStatus } from '../../ending/describe-error.js';
import type { VerbCall } from '../../verb.js';

/** Runs `longhaul decode`. */
export async function runDecode(call: VerbCall): Promise<ExitStatus> {
  const { context, printer, operands, options } = call;
  const text = operands[0] ?? '';
  const file = options.migration === undefined ? undefined : await readMigrationFile(options.migration);
  const place = parsePlace(text, file);
  const rules = file?.definition ?? { ...defaultRules, accounts: {} };
  const inputPath = place.kind === 'file' ? place.path : undefined;
  const sink = await openSink({ ...options, inputPath }, context.out, context.signal);
  const decoded = context.decode({ place, rules }, context.signal);
  const progress = { bytes: 0 };
  try {
    const verdict = await pour(decoded, sink, progress);
    printer.note(verdictText(text, verdict));
    printer.document(wholeDocument(text, verdict, options.output ?? null));
    return exitStatus.done;
  } catch (error) {
    await sink.abandon();
    context.signal.throwIfAborted();
    throw error instanceof Failure ? refusal(call, error, { text, decodedBytes: progress.bytes }) : error;
  }
}

async function pour(
  decoded: AsyncGenerator<Uint8Array, BlobVerdict>,
  sink: ByteSink,
  progress: { bytes: number },
): Promise<BlobVerdict> {
  try {
    for (;;) {
      const next = await decoded.next();
      if (next.done === true) {
        await sink.finish();
        return next.value;
      }
      await sink.write(next.value);
      progress.bytes += next.value.length;
    }
  } finally {
    // Closes the blob if writing has failed.
    await decoded.return(undefined as never);
  }
}

function verdictText(text: string, { format, streams, compressedBytes, decodedBytes, trailing }: BlobVerdict): string {
  if (format === 'none') return `${text}: ${formatCount(decodedBytes)} bytes, taken as they are`;
  const what = format === 'gzip' ? 'member' : 'stream';
  const whole =
    `${text}: whole ${format}, ${formatCount(streams)} ${what}${streams === 1 ? '' : 's'}; ` +
    `${formatCount(compressedBytes)} bytes decode to ${formatCount(decodedBytes)}`;
  if (trailing === undefined) return whole;
  const { bytes, offset } = trailing;
  return `${whole}; ${formatCount(bytes)} bytes after the last ${what} are ignored (byte offset ${String(offset)})`;
}

function wholeDocument(
  text: string,
  { format, streams, compressedBytes, decodedBytes, trailing }: BlobVerdict,
  output: string | null,
): unknown {
  return {
    ...{ input: text, verdict: 'whole', format, streams },
    bytes: { source: compressedBytes, decoded: decodedBytes },
    trailing: trailing ?? null,
    output,
  };
}

/**
 * Turns the failure that a unit would have into the verdict. Anything else, such as a source that cannot be reached, is
 * an ordinary error.
 */
function refusal(
  { printer }: VerbCall,
  failure: Failure,
  { text, decodedBytes }: { readonly text: string; readonly decodedBytes: number },
): CommandError {
  const { failureClass, message, row, blob } = failure;
  const isVerdict = row.scope === 'unit';
  // The hint of the class is to use this verb.
  const next = failureClass === 'CorruptInput' ? 'restore the blob at the source, then retry its units' : row.hint;
  if (isVerdict) {
    printer.document({
      ...{ input: text, verdict: 'refused', class: failureClass, message, blob: blob ?? null },
      ...placeOf(failure.cause),
      bytes: { decoded: decodedBytes },
      ...{ next, exitStatus: exitStatus.unexpected },
    });
  }
  const status: ExitStatus = isVerdict ? exitStatus.unexpected : refusalStatus(row.exit);
  return new CommandError(status, `Decoding ${text} failed: ${failureClass}: ${message}`, { next, cause: failure });
}

/** Where the damage is, as far as the decoder could tell. */
function placeOf(cause: unknown): { stream: number | null; block: number | null; offset: number | null } {
  const place = (cause ?? {}) as { stream?: unknown; block?: unknown; offset?: unknown };
  const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  return { stream: number(place.stream), block: number(place.block), offset: number(place.offset) };
}
