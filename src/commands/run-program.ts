import { CommanderError } from 'commander';
import { buildProgram } from './build-program.js';
import type { CommandContext } from './ports/context.js';
import { CommandError } from './ending/command-error.js';
import { describeError } from './ending/describe-error.js';
import { exitStatus, type ExitStatus } from './ending/exit-status.js';
import { complete } from './completion/complete.js';
import { completeWord, filesLine } from './completion/shell-scripts.js';
import { optionTable, type OptionValues } from './option-table.js';
import { printable } from './screen/printable.js';
import { createPrinter } from './screen/printer.js';
import { usageText } from './usage-text.js';
import { loadNamedVerbs, loadVerbs, verbGroups } from './verbs.js';
import type { Verb } from './verb.js';

/** Runs a command line, given without the program's name, and resolves to the exit status. Never rejects. */
export async function runProgram(args: readonly string[], context: CommandContext): Promise<ExitStatus> {
  if (args[0] === completeWord) {
    await printCompletion(args.slice(1), context);
    return exitStatus.done;
  }
  let status: ExitStatus = exitStatus.done;
  const words = withHelpOption(args);
  const program = buildProgram({
    verbs: await loadNamedVerbs(words),
    groups: verbGroups,
    version: context.version,
    writeOut: (text) => context.out.write(text),
    writeErr: (text) => context.err.write(printable(text)),
    run: async (verb, operands, options) => {
      status = await runVerb(verb, operands, options, context);
    },
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Asking for the help or the version is no mistake; help in the place of a missing verb is.
    if (error.exitCode === 0) return exitStatus.done;
    createPrinter(context, { json: args.includes('--json') }).document(usageDocument(error));
    return exitStatus.usage;
  }
}

/** Answers a script of `longhaul completion`. */
async function printCompletion(words: readonly string[], { out }: Pick<CommandContext, 'out'>): Promise<void> {
  const verbs = await loadVerbs();
  const { candidates, files } = complete(words, { verbs, groups: verbGroups, options: optionTable });
  for (const { text, description } of candidates) out.write(`${text}\t${description}\n`);
  if (files) out.write(`${filesLine}\n`);
}

/** `help dev up` means `dev up --help`. */
function withHelpOption([first, ...rest]: readonly string[]): string[] {
  if (first === 'help') return [...rest, '--help'];
  return first === undefined ? [] : [first, ...rest];
}

function usageDocument({ code, message }: CommanderError): unknown {
  const text = code === 'commander.help' ? 'no verb was given' : usageText(message);
  const next = 'see `longhaul --help` for the verbs, and `longhaul VERB --help` for the options of one';
  return { error: { message: text, class: null, next, exitStatus: exitStatus.usage } };
}

async function runVerb(
  verb: Verb,
  operands: readonly string[],
  options: OptionValues,
  context: CommandContext,
): Promise<ExitStatus> {
  const printer = createPrinter(context, { json: options.json, lines: verb.documentLines });
  try {
    refuseProblems(verb, context);
    return await verb.run({ context: { ...context, isQuiet: options.json }, printer, operands, options });
  } catch (error) {
    const described = describeError(error);
    const text = context.redact(described.text);
    // Hints name commands, which are called differently in a checkout.
    const next = described.next?.replaceAll('`longhaul ', `\`${context.invocation} `) ?? null;
    const { style } = context.err;
    printer.warn(`${style.bad('longhaul:')} ${text}${next === null ? '' : `\n  next: ${next}`}`);
    if (options.debug && error instanceof Error) printer.warn(style.dim(context.redact(stackOf(error))));
    printer.document({ error: { message: text, class: described.class, next, exitStatus: described.exitStatus } });
    return described.exitStatus;
  }
}

/** A verb is not run with a default in place of what somebody has set for it. */
function refuseProblems({ variables }: Verb, { environment }: Pick<CommandContext, 'environment'>): void {
  const heeded: readonly string[] = variables;
  const messages = environment.problems
    .filter(({ variable }) => heeded.includes(variable))
    .map(({ message }) => message);
  if (messages.length === 0) return;
  throw new CommandError(exitStatus.usage, messages.join('\n'), { next: 'correct it in the environment, or unset it' });
}

// Errors have causes, which have causes. Nobody has seen a chain as long as eight.
function stackOf(error: Error, depth = 0): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error && depth < 8 ? `${own}\ncaused by ${stackOf(error.cause, depth + 1)}` : own;
}
