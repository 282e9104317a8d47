import type { CommandContext } from './context.js';
import { openBarView } from './bar-view.js';
import { openLineView } from './line-view.js';

/** How far something is. `total` is null as long as nobody knows it. */
export interface ProgressFrame {
  readonly done: number;
  readonly total: number | null;
  /** Stands beside the bar. */
  readonly head: string;
  /** Stand below the bar. */
  readonly rows: readonly string[];
  /** The same without a bar. */
  readonly line: string;
}

/** Shows progress on standard error: bars on a terminal, now and then a line elsewhere. */
export interface ProgressView {
  show(frame: ProgressFrame): void;
  /** Says something that stays, above the bars. */
  note(line: string): void;
  /** Ends the view; what it drew last stays. May be called twice. */
  close(): void;
}

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
