import { dirname } from 'node:path';
import { DefinitionProblems, type DefinitionProblem } from '../../definition/definition-problems.js';
import { findTemplateProblems } from '../../definition/find-template-problems.js';
import type { ReadableSections } from '../../definition/readable-sections.js';
import { readUnits } from '../../definition/units/read-units.js';
import { type BadLine, isBadLine, type UnitLine } from '../../definition/units/unit-line.js';
import type { SourcePositions } from '../../definition/yaml/source-positions.js';
import { Failure } from '../../domain/failure.js';
import { formatCount } from '../../domain/text/format.js';
import { spoolUnits } from '../../staging/spool-units.js';
import { withEarlierProblems } from '../../staging/with-earlier-problems.js';
import { unitLines as linesOf, type UnitProblem, UnitProblems } from '../../staging/unit-problems.js';
import { CommandError } from '../ending/command-error.js';
import type { CommandContext } from '../ports/context.js';
import { unitLines } from '../start/unit-lines.js';

/** What a verb that needs the units reads them with, wherever they are. */
export type UnitsContext = Pick<CommandContext, 'decode' | 'signal'>;

// A mistake shows early, and a file of millions of lines would take minutes before anything is reported.
const linesMax = 20_000;

/**
 * Adds what is wrong with the units, so that everything can be corrected in one go: lines that are not units, templates
 * that use a column that is not there and, where nothing that they are rendered with is wrong, their ids, keys and
 * collisions. Without a context only a file on this machine is read. `path` is that of the migration file.
 */
export async function withUnitProblems(
  found: DefinitionProblems,
  path: string,
  context?: UnitsContext,
): Promise<DefinitionProblems> {
  const { sections, source } = found;
  if (sections === undefined || source === undefined) return found;
  const { from } = sections.templates.units;
  if (context === undefined && /^(s3|az):|\.bz2$/.test(from)) return found;
  const atFrom = (message: string): DefinitionProblem => ({
    ...source.of(['units', 'from']),
    ...{ path: 'units.from', message },
  });
  const wrong = wrongSection(sections);
  if (wrong !== undefined) return found.with([atFrom(`${from} was not read, because \`${wrong}\` has problems`)], []);
  const units = new FirstLines(from, () => openUnits(sections, path, context));
  try {
    await judgeUnits({ sections, source, fileName: found.fileName, units, signal: context?.signal });
    return found.with([], units.note);
  } catch (error) {
    if (error instanceof DefinitionProblems) return found.with(error.problems, [...error.ofUnits, ...units.note]);
    if (!(error instanceof Failure || error instanceof CommandError)) throw error;
    const isOfLines = error.message.startsWith(`${from}:`) && /^\d+: /.test(error.message.slice(from.length + 1));
    return isOfLines
      ? found.with([], [...error.message.split('\n'), ...units.note])
      : found.with([atFrom(error.message)], []);
  }
}

/** Returns the section that says where the units are, if it has problems. */
function wrongSection({ templates, accounts, target }: ReadableSections): 'accounts' | 'target' | undefined {
  const { from } = templates.units;
  if (from.startsWith('az://') && accounts === undefined) return 'accounts';
  return from.startsWith('s3://') && target === undefined ? 'target' : undefined;
}

function openUnits(
  { templates, accounts = {}, target }: ReadableSections,
  path: string,
  context: UnitsContext | undefined,
): AsyncIterable<UnitLine | BadLine> {
  const { units } = templates;
  if (context === undefined || (target === undefined && !/^az:|\.bz2$/.test(units.from))) {
    return readUnits({ from: units.from, directory: dirname(path) });
  }
  return unitLines(context, { path, definition: { units, accounts, target } });
}

interface Judgement {
  readonly sections: ReadableSections;
  readonly source: SourcePositions;
  readonly fileName: string;
  readonly units: AsyncIterable<UnitLine | BadLine>;
  readonly signal: AbortSignal | undefined;
}

/** Throws what is wrong with the units, as staging does. */
async function judgeUnits({ sections, source, fileName, units, signal }: Judgement): Promise<void> {
  const { definition, templates } = sections;
  const file = { fileName, positions: source };
  if (definition !== undefined) {
    const spooled = await spoolUnits({ definition, units, file, signal: signal ?? new AbortController().signal });
    await spooled.remove();
    return;
  }
  const problems = new UnitProblems<UnitProblem>();
  let ofTemplates: readonly DefinitionProblem[] | undefined;
  for await (const read of withEarlierProblems(units, problems)) {
    if (isBadLine(read)) {
      const text = `${templates.units.from}:${String(read.line)}: ${read.problem}`;
      problems.add({ line: read.line, text, failureClass: 'ConfigError' });
    } else ofTemplates ??= findTemplateProblems(templates, Object.keys(read.fields), file);
  }
  throw new DefinitionProblems(fileName, ofTemplates ?? [], { ofUnits: linesOf(problems.first, problems.count) });
}

/** The first lines of a units file. */
class FirstLines {
  #isCut = false;

  constructor(
    readonly from: string,
    readonly open: () => AsyncIterable<UnitLine | BadLine>,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<UnitLine | BadLine> {
    let lines = 0;
    for await (const read of this.open()) {
      if (lines === linesMax) {
        this.#isCut = true;
        return;
      }
      lines += 1;
      yield read;
    }
  }

  /** What to say if there are more. */
  get note(): readonly string[] {
    if (!this.#isCut) return [];
    const rest = 'the others are read when the migration file is right';
    return [`${this.from}: these are the problems of its first ${formatCount(linesMax)} lines; ${rest}`];
  }
}
