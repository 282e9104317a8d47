import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import type { ControlStore } from '../control-store.js';
import { damaged } from '../damage.js';
import { parseLine } from '../gzip-lines.js';
import { lineBytesMax } from '../size-limits.js';

/** A blob that no unit of a plan claims, or that several do: those with the indexes `units`. */
export type UnclaimedBlob = z.infer<typeof unclaimedBlob>;

const unclaimedBlob = z.looseObject({
  name: z.string(),
  bytes: z.number().min(0),
  lastModified: z.string(),
  units: z.array(z.int().min(0)),
});

/**
 * Yields the blobs of a list that a plan has stored, which may be longer than memory. Holds one line. Fails with
 * `LedgerMismatch` where it is damaged.
 */
export async function* readUnclaimedList(
  control: ControlStore,
  key: string,
  signal: AbortSignal,
): AsyncGenerator<UnclaimedBlob> {
  let number = 0;
  for await (const line of linesOf(control.readStream(key, signal), key)) {
    number += 1;
    const { data, error } = unclaimedBlob.safeParse(parseLine(line, `line ${String(number)}`, key));
    if (data === undefined) throw damaged(key, `line ${String(number)} is not a blob`, error);
    yield data;
  }
  if (number === 0) throw damaged(key, 'it is empty');
}

/** Inflates gzip and cuts it into lines. A source that fails ends it with its own failure. */
async function* linesOf(pieces: AsyncIterable<Uint8Array>, key: string): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  try {
    // The iteration below fails with whatever ends the pipeline.
    for await (const piece of pipeline(Readable.from(pieces), createGunzip(), () => undefined)) {
      let text = Buffer.concat([rest, piece as Buffer]);
      for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline)) {
        yield text.subarray(0, end);
        text = text.subarray(end + 1);
      }
      rest = text;
      if (rest.length > lineBytesMax) throw damaged(key, `a line has more than ${String(lineBytesMax)} bytes`);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw damaged(key, 'it is not gzip', error);
    throw error;
  }
  if (rest.length > 0) throw damaged(key, 'its last line has no end');
}

const newline = 0x0a;
