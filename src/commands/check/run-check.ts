import type { ExitStatus } from '../ending/exit-status.js';
import { openProgressView, quietMs } from '../screen/open-progress-view.js';
import { sentenceFrame } from '../screen/progress-view.js';
import type { VerbCall } from '../verb.js';
import { checkDocument, checkStatus } from './check-document.js';
import { checkFile } from './check-file.js';
import { renderCheck } from './render-check.js';

/** Runs `longhaul check`. */
export async function runCheck({ context, printer, operands }: VerbCall): Promise<ExitStatus> {
  const view = openProgressView(context, quietMs);
  const report = await checkFile(context, operands[0] ?? '', (sentence) => view.show(sentenceFrame(sentence))).finally(
    () => view.close(),
  );
  printer.say(renderCheck(report, context.out.style, context.invocation));
  printer.document(checkDocument(report));
  return checkStatus(report.probes);
}
