import { CommanderError } from 'commander';
import { buildProgram } from './build-program.js';
import type { CommandContext } from './ports/context.js';
import { describeError } from './ending/describe-error.js';
import { exitStatus, type ExitStatus } from './ending/exit-status.js';
import type { OptionValues } from './option-table.js';
import { createPrinter } from './screen/printer.js';
import { verbGroups, verbs } from './verbs.js';
import type { Verb } from './verb.js';

/** Runs the command line `args` (without the program's own name) to its end and gives the exit status. Never rejects. */
export async function runProgram(args: readonly string[], context: CommandContext): Promise<ExitStatus> {
  let status: ExitStatus = exitStatus.done;
  const program = buildProgram({
    verbs,
    groups: verbGroups,
    version: context.version,
    writeOut: (text) => context.out.write(text),
    writeErr: (text) => context.err.write(text),
    run: async (verb, operands, options) => {
      status = await runVerb(verb, operands, options, context);
    },
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version that were asked for end well; help instead of a verb does not.
    return error.exitCode === 0 ? exitStatus.done : exitStatus.usage;
  }
}

async function runVerb(
  verb: Verb,
  operands: readonly string[],
  options: OptionValues,
  context: CommandContext,
): Promise<ExitStatus> {
  const printer = createPrinter(context, { json: options.json, lines: verb.documentLines });
  try {
    return await verb.run({ context, printer, operands, options });
  } catch (error) {
    const described = describeError(error);
    const { text } = described;
    // Hints name commands; in a checkout they are called otherwise.
    const next = described.next?.replaceAll('`longhaul ', `\`${context.invocation} `) ?? null;
    const { style } = context.err;
    printer.note(`${style.bad('longhaul:')} ${text}${next === null ? '' : `\n  next: ${next}`}`);
    if (options.debug && error instanceof Error) printer.note(style.dim(stackOf(error)));
    printer.document({ error: { message: text, class: described.class, next, exitStatus: described.exitStatus } });
    return described.exitStatus;
  }
}

// An error made of others has a chain; eight are more than any that was seen.
function stackOf(error: Error, depth = 0): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error && depth < 8 ? `${own}\ncaused by ${stackOf(error.cause, depth + 1)}` : own;
}
