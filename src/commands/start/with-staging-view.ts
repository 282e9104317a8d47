import type { StagingProgress } from '../../staging/spool-units.js';
import type { CommandContext } from '../ports/context.js';
import { formatCount } from '../../domain/text/format.js';
import { openProgressView, quietMs } from '../screen/open-progress-view.js';
import { sentenceFrame } from '../screen/progress-view.js';

/** Runs a staging while showing its progress. */
export async function withStagingView<Result>(
  context: Pick<CommandContext, 'err' | 'now' | 'isQuiet'>,
  stage: (progress: (progress: StagingProgress) => void) => Promise<Result>,
): Promise<Result> {
  const view = openProgressView(context, quietMs);
  try {
    return await stage(({ units, slices }) => {
      const text =
        slices === 0
          ? `reading units: ${formatCount(units)}`
          : `staging ${formatCount(units)} units: ${formatCount(slices)} slices written`;
      view.show(sentenceFrame(text));
    });
  } finally {
    view.close();
  }
}
