import { relative } from 'node:path';
import { documents } from './documents.js';
import { fences } from './fences.js';

/** A fenced block of commands in a document. */
export interface CommandBlock {
  /** Where it is, as `docs/operations.md:12`. */
  readonly place: string;
  readonly text: string;
  /** Path of the test that runs it, from the comment `run by PATH` before the block. */
  readonly runBy: string | undefined;
  /** Why no test runs it, from the comment `not run: REASON` before the block. */
  readonly notRun: string | undefined;
}

/** Returns the blocks of commands of a document, in order. */
export function commandBlocks(document: string): readonly CommandBlock[] {
  return fences(document)
    .filter(({ language }) => language === 'sh')
    .map(({ place, text, comment }) => ({
      ...{ place, text },
      runBy: /^run by ([\w./-]+)$/.exec(comment)?.[1],
      notRun: /^not run: (.+)$/.exec(comment)?.[1],
    }));
}

/**
 * Returns the texts of all blocks that name a test as the one that runs them, in the order of the documents. The test
 * gives its own `import.meta.filename`.
 */
export function blocksRunBy(testFile: string): readonly string[] {
  const path = relative(new URL('../../../', import.meta.url).pathname, testFile);
  const blocks = documents.flatMap(commandBlocks).filter(({ runBy }) => runBy === path);
  if (blocks.length === 0) throw new Error(`no document says that ${path} runs a block of commands`);
  return blocks.map(({ text }) => text);
}
