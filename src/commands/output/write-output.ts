import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';
import type { FoundRound } from '../migration/find-round.js';
import type { CommandContext } from '../ports/context.js';
import { openSink } from './open-sink.js';

/** What `-o` names: a file, an object, or standard output. */
export type OutputPlace =
  | { readonly kind: 'sink'; readonly output: string | undefined }
  | { readonly kind: 'object'; readonly bucket: string; readonly key: string };

/** Reads the value of `-o`. Throws with status 2 for an address of S3 that names no object. */
export function outputPlace(output: string | undefined): OutputPlace {
  if (output?.startsWith('s3://') !== true) return { kind: 'sink', output };
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(output) ?? [];
  if (bucket !== '') return { kind: 'object', bucket, key };
  throw new CommandError(exitStatus.usage, `${output} names no object`, { next: 'write s3://bucket/key' });
}

/**
 * Writes the result of a verb to its place, where it appears only if it is whole. With `--json`, standard output is for
 * the document. An object is at the store of the migration's target, and not below its control prefix.
 */
export async function writeOutput(
  context: CommandContext,
  found: FoundRound,
  to: { readonly place: OutputPlace; readonly json: boolean; readonly pieces: AsyncIterable<Uint8Array> },
): Promise<void> {
  const { place, json, pieces } = to;
  if (place.kind === 'object') await writeObject(context, found, { ...place, pieces });
  else await writeSink(context, { output: place.output, json, pieces });
}

async function writeSink(
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

async function writeObject(
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
