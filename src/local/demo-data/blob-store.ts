import pLimit from 'p-limit';
import { startBzip2Compressor } from './bzip2-compressor.js';
import type { DemoDataOptions, DemoProgress } from './demo-data-options.js';
import { type BlobText, encodeBlob } from './generate-unit.js';
import { inFlight } from './in-flight.js';

// Two keep two cores busy, and texts are generated faster than two can compress them.
const compressorProcesses = 2;
// Enough that no compressor waits for the next text. A text has at most about 600 KB.
const textsAhead = 2 * compressorProcesses;

/** Compresses and stores blobs while its caller continues. */
export interface BlobStore {
  /** Accepts a text once there is room. Rejects with the first failure of any earlier text, or when aborted. */
  put(text: BlobText): Promise<void>;
  /** Counts a unit whose texts have all been accepted. */
  countUnit(): void;
  /** Waits until all accepted texts are stored. Rejects with the first failure. */
  drain(): Promise<DemoProgress>;
  /** Ends the compressor and waits for open uploads, whether they succeed or fail. */
  close(): Promise<void>;
}

/** Starts the compressor; at most `uploadsInFlight` uploads and four further texts are held at once. */
export function startBlobStore(
  options: Pick<DemoDataOptions, 'units' | 'putBlob' | 'uploadsInFlight' | 'progress' | 'signal' | 'python'>,
): BlobStore {
  const compressor = startBzip2Compressor({ python: options.python ?? 'python3', processes: compressorProcesses });
  const endCompressor = (): void => {
    compressor.close();
  };
  options.signal?.addEventListener('abort', endCompressor);
  const work = inFlight(options.uploadsInFlight + textsAhead);
  const upload = pLimit(options.uploadsInFlight);
  let done: DemoProgress = { units: 0, blobs: 0, bytes: 0 };
  const count = (more: DemoProgress): void => {
    done = { units: done.units + more.units, blobs: done.blobs + more.blobs, bytes: done.bytes + more.bytes };
    options.progress?.(done, { units: options.units });
  };
  return {
    async put(text) {
      options.signal?.throwIfAborted();
      await work.start(async () => {
        const bytes = await encodeBlob(text, (streams) => compressor.compress(streams));
        await upload(() => options.putBlob({ ...text.blob, bytes }));
        count({ units: 0, blobs: 1, bytes: bytes.length });
      });
    },
    countUnit: () => {
      count({ units: 1, blobs: 0, bytes: 0 });
    },
    async drain() {
      await work.drain();
      return done;
    },
    async close() {
      options.signal?.removeEventListener('abort', endCompressor);
      endCompressor();
      await work.settle();
    },
  };
}
