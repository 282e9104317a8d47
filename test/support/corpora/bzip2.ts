import { afterAll } from 'vitest';
import { startBzip2Compressor } from '../../../src/local/demo-data/bzip2-compressor.js';

/**
 * Returns a function that compresses each text to a bzip2 stream with Python's `bz2` and joins the streams. Ends the
 * program after all tests.
 */
export function useBzip2(): (...streams: readonly (Uint8Array | string)[]) => Promise<Buffer> {
  const compressor = startBzip2Compressor({ python: 'python3', processes: 1 });
  afterAll(() => {
    compressor.close();
  });
  return (...streams) => compressor.compress(streams.map((stream) => Buffer.from(stream)));
}
