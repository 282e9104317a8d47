import { commandBlocks } from './command-blocks.js';
import { readDocument } from './documents.js';

/** A command line of ours in a document. */
export interface CommandLine {
  readonly program: 'longhaul' | 'longhaul-worker';
  readonly args: readonly string[];
  /** Whether it is complete, as in a block, or perhaps only names a verb, as in a sentence. */
  readonly isComplete: boolean;
}

/** Returns the command lines of `longhaul` and `longhaul-worker` in the blocks and in the sentences of a document. */
export function commandLines(document: string): readonly CommandLine[] {
  const prose = readDocument(document).replaceAll(/^ *```[^]*?^ *```/gm, '');
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  return [
    ...commandBlocks(document).flatMap(({ text }) => linesOf(text).flatMap(callsIn(true))),
    ...spans.filter((span) => /^(?:npx |longhaul)/.test(span)).flatMap(callsIn(false)),
  ];
}

/** Returns the lines of a block, with continued ones joined, without comments and prompts. */
function linesOf(block: string): readonly string[] {
  return block
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/^\$ /, '').replace(/(?:^|\s)#.*$/, ''));
}

const callsIn =
  (isComplete: boolean) =>
  (line: string): readonly CommandLine[] =>
    [...line.matchAll(call)].map(([, program, rest = '']) => ({
      program: program as CommandLine['program'],
      args: wordsOf(rest),
      isComplete,
    }));

/** A program of ours where a shell would look for one: after a separator, assignments, or a program that starts it. */
const call = new RegExp(
  String.raw`(?:^|[;&|] ?|\$\(|\b[A-Z_]+=\S+ |npx --no-install |if ! )(longhaul|longhaul-worker)(?= |$|\))` +
    String.raw`((?:"[^"]*"|'[^']*'|<[\w|]+>|[^;&|)"'<>]|\|(?=\w))*)`,
  'g',
);

/** Returns the words of a line. A placeholder such as `<file>` is a word; an optional part is not. */
function wordsOf(rest: string): readonly string[] {
  const given = rest.replaceAll(/\[[^\]]*\]/g, '').replaceAll(/(?<= )\d?>{1,2}.*$/g, '');
  return [...given.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replaceAll(/["'<>]/g, ''));
}
