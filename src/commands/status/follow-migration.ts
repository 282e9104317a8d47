import { isFinalPhase, type Phase } from '../../domain/figures/progress.js';
import { CommandError, Interrupted } from '../ending/command-error.js';
import type { CommandContext } from '../ports/context.js';
import { exitStatus } from '../ending/exit-status.js';
import { formatDuration } from '../../domain/text/format.js';
import { expectWorkers } from './expect-workers.js';
import { frameView, migrationFrame } from './migration-frame.js';
import { openProgressView } from '../screen/open-progress-view.js';
import { documentOfRoot, type DocumentSubject, type StatusDocument } from './status-document.js';
import type { RootDescription, TemporalPort } from '../ports/temporal-port.js';

/** The migration to follow; its root is running. */
export interface FollowRequest {
  readonly subject: DocumentSubject;
  /** Staged units, until the root says how many. */
  readonly total: number;
  readonly temporal: TemporalPort;
  /** NAME or FILE, as the user gave it, for commands to paste; by default the name. */
  readonly operand?: string;
  /** A phase to stop at, besides the end. */
  readonly until?: Phase | undefined;
  /** Called with every document. */
  readonly seen?: (document: StatusDocument) => void;
}

const pollEveryMs = 2_000;
// A server that restarts is back within seconds. After a long silence somebody has to look into it.
const silenceMaxMs = 10 * 60_000;

/**
 * Shows the progress of a migration until its root has ended or is in a given phase, and returns the last document.
 * Rejects with `Interrupted` on Ctrl-C, which leaves the migration running, and with status 6 if Temporal has not
 * answered for ten minutes.
 */
export async function followMigration(
  context: Pick<CommandContext, 'err' | 'now' | 'sleep' | 'signal' | 'isQuiet' | 'invocation'>,
  request: FollowRequest,
): Promise<StatusDocument> {
  const view = openProgressView(context);
  const checked = expectWorkers(context, request.temporal);
  let answeredAtMs = context.now();
  let silent = false;
  const { operand = request.subject.name } = request;
  try {
    for (;;) {
      context.signal.throwIfAborted();
      try {
        const root = await currentRoot(request);
        const document = await checked(documentOfRoot(request.subject, root, request.total), root);
        if (silent) view.note(`Temporal at ${request.temporal.address} is answering again.`);
        silent = false;
        answeredAtMs = context.now();
        view.show(migrationFrame(document, frameView(context, operand)));
        request.seen?.(document);
        if (isFinalPhase(document.phase) || document.phase === request.until) return document;
      } catch (error) {
        const isSilence = error instanceof CommandError && error.exitStatus === exitStatus.unreachable;
        if (!isSilence || context.now() - answeredAtMs > silenceMaxMs) throw error;
        if (!silent) {
          view.note(`${error.message}; retrying for ${formatDuration(silenceMaxMs)}`);
          if (error.next !== undefined) view.note(`  next: ${error.next}`);
        }
        silent = true;
      }
      await context.sleep(pollEveryMs, context.signal);
    }
  } finally {
    view.close();
  }
}

/** Returns what a verb says when Ctrl-C ends it while it watches; undefined for another error. */
export function leavingWords(error: unknown, name: string, invocation: string): string | undefined {
  if (!(error instanceof Interrupted)) return undefined;
  return `The migration ${name} continues without this terminal. To see it again: \`${invocation} watch ${name}\`.`;
}

async function currentRoot({ temporal, subject }: FollowRequest): Promise<RootDescription> {
  const root = await temporal.describeRoot(subject.name);
  if (root !== undefined) return root;
  throw new CommandError(
    exitStatus.noSuchMigration,
    `Temporal at ${temporal.address} no longer knows the migration ${subject.name}`,
    { next: `give the migration file instead of the name: \`longhaul status FILE\` reads the control prefix` },
  );
}
