import type { TextOutput } from '../ports/text-output.js';
import type { ByteSink } from './byte-sink.js';
import { FileSink } from './file-sink.js';
import { StreamSink } from './stream-sink.js';

/** Opens what the options ask for: a file, standard output, or nothing if that is kept for a document. */
export async function openSink(
  options: { readonly output: string | undefined; readonly json: boolean; readonly inputPath?: string | undefined },
  out: TextOutput,
  signal: AbortSignal,
): Promise<ByteSink> {
  if (options.output !== undefined) return await FileSink.open(options.output, options.inputPath);
  return options.json ? nowhere : new StreamSink(out.stream, signal);
}

const nowhere: ByteSink = {
  write: async () => {},
  finish: async () => {},
  abandon: async () => {},
};
