import { exitStatus } from '../commands/ending/exit-status.js';
import type { TextOutput } from '../commands/ports/text-output.js';
import { createStyle } from '../commands/screen/create-style.js';
import type { Environment } from '../env.js';

/** Makes the output of a verb from a stream of this process. */
export function textOutput(stream: NodeJS.WriteStream, { variables }: Environment): TextOutput {
  // A dumb terminal understands neither colours nor a cursor that moves.
  const isTerminal = stream.isTTY && variables['TERM'] !== 'dumb';
  stream.on('error', endUnread);
  return {
    isTerminal,
    style: createStyle(isTerminal && !variables['NO_COLOR']),
    stream,
    write: (text) => {
      stream.write(text);
    },
  };
}

/** Ends the program when nobody reads its output any more, as after `longhaul list | head`. */
function endUnread(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitStatus.interrupted);
}
