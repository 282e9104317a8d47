import type { Probe } from '../domain/probe.js';
import { settled, unwrap } from '../flow/settled.js';
import { asCapability } from './as-capability.js';
import { type ProbeFinding, type ProbeQuestion, runProbe } from './run-probe.js';

/** A question and how it is answered. `fine` is the message if `ask` returns no finding. */
export interface AskedProbe extends ProbeQuestion {
  readonly fine?: string;
  readonly ask: (signal: AbortSignal) => Promise<ProbeFinding> | Promise<void>;
}

// One probe is a handful of small requests. This many at once are done in a second or two and alarm no store.
const atOnce = 6;

/** Answers questions, a few at a time, and returns the probes in their order. `advanced` is called after each. */
export async function answerAll(
  asked: readonly AskedProbe[],
  signal: AbortSignal,
  advanced?: () => void,
): Promise<readonly Probe[]> {
  const probes: Probe[] = [];
  const rest = asked.entries();
  const work = async (): Promise<void> => {
    for (const [index, question] of rest) {
      probes[index] = await answer(question, signal);
      advanced?.();
    }
  };
  // Wait for all of them even after an interruption: the last one must have tidied up.
  const ended = await Promise.all(Array.from({ length: atOnce }, () => settled(work())));
  for (const end of ended) unwrap(end);
  return probes;
}

function answer({ fine = '', ask, ...question }: AskedProbe, signal: AbortSignal): Promise<Probe> {
  return runProbe(question, signal, async (limit) => {
    try {
      return (await ask(limit)) ?? { message: fine };
    } catch (error) {
      throw asCapability(error);
    }
  });
}
