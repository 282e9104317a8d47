import type { StackUp } from '../../../local/stack-up.js';
import type { CommandContext } from '../../ports/context.js';
import type { Printer } from '../../screen/printer.js';

const lookEveryMs = 250;

/** Brings up the local stack for a demo, and prints the address of the Web UI as soon as its server has started. */
export async function upForDemo(
  context: CommandContext,
  request: { readonly stateDir: string; readonly portBase: number | undefined; readonly printer: Printer },
): Promise<StackUp> {
  const { stateDir, portBase, printer } = request;
  const ended = new AbortController();
  const stop = AbortSignal.any([ended.signal, context.signal]);
  const announced = announceWebUi(context, { stateDir, printer, stop });
  try {
    const progress = (line: string): void => printer.note(line);
    return await context.stack.up({ stateDir, portBase, stores: true, progress }, context.signal);
  } finally {
    ended.abort();
    await announced;
  }
}

async function announceWebUi(
  { stack, sleep }: CommandContext,
  { stateDir, printer, stop }: { stateDir: string; printer: Printer; stop: AbortSignal },
): Promise<void> {
  for (;;) {
    const seen = await stack.status({ stateDir });
    if (seen?.parts.some(({ name, alive }) => name === 'temporal' && alive) === true) {
      printer.say(`Web UI  ${seen.temporal.webUi}`);
      return;
    }
    if (stop.aborted) return;
    await waited(sleep, stop);
  }
}

/** Waits. Being stopped ends the wait without an error, so that a last look follows. */
async function waited(sleep: CommandContext['sleep'], stop: AbortSignal): Promise<void> {
  try {
    await sleep(lookEveryMs, stop);
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}
