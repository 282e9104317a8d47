import { openBarView } from './bar-view.js';
import type { CommandContext } from '../ports/context.js';
import { openLineView } from '../line-view.js';
import type { ProgressView } from './progress-view.js';

/** Opens the view that suits standard error. Nothing is shown in the first `quietMs`, so that what is quick stays quiet. */
export function openProgressView(context: Pick<CommandContext, 'err' | 'now'>, quietMs = 0): ProgressView {
  const view = context.err.isTerminal ? openBarView(context.err) : openLineView(context);
  const quietUntilMs = context.now() + quietMs;
  return {
    ...view,
    show: (frame) => {
      if (context.now() >= quietUntilMs) view.show(frame);
    },
  };
}
