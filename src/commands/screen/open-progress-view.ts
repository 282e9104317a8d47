import type { CommandContext } from '../ports/context.js';
import { openBarView } from './open-bar-view.js';
import { openLineView } from './open-line-view.js';
import type { ProgressView } from './progress-view.js';

/** Work that takes less than two seconds needs no progress. */
export const quietMs = 2_000;

/** Opens the view that suits standard error. It shows nothing for the first `afterMs`, so quick work prints nothing. */
export function openProgressView(context: Pick<CommandContext, 'err' | 'now' | 'isQuiet'>, afterMs = 0): ProgressView {
  const view = context.err.isTerminal ? openBarView(context) : openLineView(context);
  const quietUntilMs = context.isQuiet === true ? Infinity : context.now() + afterMs;
  return {
    ...view,
    show: (frame) => {
      if (context.now() >= quietUntilMs) view.show(frame);
    },
  };
}
