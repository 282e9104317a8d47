import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { describe, expect, it, vi } from 'vitest';
import { buildProgram } from '../../../../src/commands/build-program.js';
import { loadVerbs, verbGroups } from '../../../../src/commands/verbs.js';
import { parseWorkerCall } from '../../../../src/worker/worker-command.js';
import { commandBlocks } from '../../../support/documents/command-blocks.js';
import { commandLines, type CommandLine } from '../../../support/documents/command-lines.js';
import { documents, readDocument } from '../../../support/documents/documents.js';
import { fences } from '../../../support/documents/fences.js';

const top = new URL('../../../../', import.meta.url).pathname;
const { scripts } = JSON.parse(readDocument('package.json')) as { scripts: Readonly<Record<string, string>> };
const verbs = await loadVerbs();

/** What blocks without commands are written in. */
const languages = ['yaml', 'json', 'jsonl', 'csv', 'ini', 'js', 'ts', 'sql', 'mermaid', 'text'];

describe.each(documents.filter((document) => !document.startsWith('docs/decisions/')))('%s', (document) => {
  const blocks = commandBlocks(document);

  it('says of each block of commands which test runs it, or why none does', () => {
    expect(blocks.filter(({ runBy, notRun }) => runBy === undefined && notRun === undefined)).toEqual([]);
    for (const { place, runBy, notRun } of blocks) {
      for (const [path] of notRun?.matchAll(/\btest\/[\w./-]+/g) ?? [])
        expect(existsSync(join(top, path)), place).toBe(true);
      if (runBy === undefined) continue;
      expect(existsSync(join(top, runBy)), place).toBe(true);
      expect(readDocument(runBy), place).toContain('blocksRunBy(import.meta.filename)');
    }
  });

  it('has no commands in other blocks', () => {
    for (const { place, language, text } of fences(document)) {
      if (language === 'sh') continue;
      expect(languages, place).toContain(language);
      expect(text, place).not.toMatch(
        /^\s*(?:\$ |(?:longhaul|longhaul-worker|npm|npx|aws|az|curl|docker|kubectl|sudo) )/m,
      );
    }
  });

  it('shows no command line that the programs would refuse', async () => {
    const refused: string[] = [];
    for (const line of commandLines(document)) {
      const why = await refusal(line);
      if (why !== undefined) refused.push(`${line.program} ${line.args.join(' ')}: ${why}`);
    }
    expect(refused).toEqual([]);
  });

  it('names no script of npm that does not exist', () => {
    const named = [...readDocument(document).matchAll(/npm run (?:--silent )?([\w:-]+)(?![\w<])/g)];
    expect(named.map(([, name = '']) => name).filter((name) => !(name in scripts) && !name.endsWith(':'))).toEqual([]);
  });
});

it('reads the command lines of sentences and blocks', () => {
  const args = (document: string) => commandLines(document).map(({ args }) => args.join(' '));
  expect(args('docs/cli.md')).toEqual(
    expect.arrayContaining([
      'start file',
      'completion bash',
      '--processes 2',
      'decode blob',
      'tune orders unitsInFlight=32',
    ]),
  );
});

/** Returns why a program refuses a command line, or undefined if it takes it. */
async function refusal({ program, args, isComplete }: CommandLine): Promise<string | undefined> {
  // `N` stands for a number.
  const given = args.map((word) => (word === 'N' ? '1' : word));
  const output = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    if (program === 'longhaul') await parser().parseAsync(given, { from: 'user' });
    else parseWorkerCall(given, { taskQueue: 'longhaul', version: '0' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0 || (!isComplete && incomplete.has(error.code))) return undefined;
    return error.message;
  } finally {
    output.mockRestore();
  }
}

const incomplete = new Set(['commander.missingArgument', 'commander.help', 'commander.optionMissingArgument']);

function parser() {
  const run = async (): Promise<void> => undefined;
  return buildProgram({
    verbs,
    groups: verbGroups,
    version: '0',
    writeOut: () => undefined,
    writeErr: () => undefined,
    run,
  });
}
