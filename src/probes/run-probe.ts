import { Failure, toFailure } from '../domain/failure.js';
import type { Probe } from '../domain/probe.js';

/** What a probe looks at, and what to do if it fails. */
export interface ProbeQuestion extends Pick<Probe, 'id' | 'what'> {
  /** What to do; undefined for the hint of the failure's class. */
  readonly fix?: (failure: Failure) => string | undefined;
  /** Whether a store that lacks this only deserves a warning, because the migration file says that it does. */
  readonly isAccepted?: boolean;
  /** How long it may take; default 60 s, in which a request can be tried again a few times. */
  readonly timeoutMs?: number;
}

/** What a probe has found: `ok`, unless it says otherwise. */
export interface ProbeFinding extends Pick<Probe, 'message' | 'fix' | 'endsAt'> {
  readonly verdict?: Probe['verdict'];
}

/**
 * Answers a question within its time. A failure is a verdict, not an error; rejects only with the signal's own reason.
 */
export async function runProbe(
  question: ProbeQuestion,
  signal: AbortSignal,
  ask: (signal: AbortSignal) => Promise<ProbeFinding>,
): Promise<Probe> {
  const { id, what, timeoutMs = 60_000 } = question;
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const { verdict = 'ok', ...finding } = await ask(AbortSignal.any([signal, limit]));
    return { id, what, verdict, ...finding };
  } catch (error) {
    signal.throwIfAborted();
    const failure = limit.aborted ? tooSlow(question, timeoutMs) : toFailure(error);
    return failedProbe(question, failure);
  }
}

/** Returns the verdict of a failure. */
function failedProbe({ id, what, fix, isAccepted = false }: ProbeQuestion, failure: Failure): Probe {
  const { failureClass, message, row } = failure;
  const verdict = isAccepted && failureClass === 'TargetCapability' ? 'warning' : 'failed';
  return { id, what, verdict, message: oneLine(message), fix: fix?.(failure) ?? row.hint, class: failureClass };
}

function tooSlow({ id }: ProbeQuestion, timeoutMs: number): Failure {
  const failureClass = id.startsWith('source/') ? 'SourceNetwork' : 'TargetNetwork';
  return new Failure(failureClass, `it took longer than ${String(timeoutMs / 1_000)} s`);
}

const messageMax = 400;

/** A server's message may be long, and a check has many. */
function oneLine(message: string): string {
  const text = message.replace(/\s+/g, ' ').trim();
  return text.length > messageMax ? `${text.slice(0, messageMax)}…` : text;
}
