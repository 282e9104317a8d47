import type { CommandContext } from '../ports/context.js';
import { printable } from './printable.js';
import type { ProgressView } from './progress-view.js';

const lineEveryMs = 10_000;

/** Shows progress as lines: one whenever its state changes, and otherwise at most one every ten seconds. */
export function openLineView({ err, now }: Pick<CommandContext, 'err' | 'now'>): ProgressView {
  let nextAtMs = -Infinity;
  let last: string | undefined;
  let lastState: string | undefined;
  return {
    show: ({ line, state }) => {
      if ((now() < nextAtMs && state === lastState) || line === last) return;
      nextAtMs = now() + lineEveryMs;
      last = line;
      lastState = state;
      err.write(`${printable(line)}\n`);
    },
    note: (line) => err.write(`${printable(line, { isStyled: err.isTerminal })}\n`),
    close: () => undefined,
  };
}
