import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageTexts, quotedTexts } from '../../support/message-texts.js';

/** The sources that say what is wrong with a migration file and its units: files, and folders with all below. */
const sources = [
  'src/definition',
  'src/domain/target/target-key.ts',
  ...['collision-problems', 'line-columns', 'render-units', 'unit-problems', 'with-earlier-problems'].map(
    (name) => `src/staging/${name}.ts`,
  ),
  'src/commands/migration/with-unit-problems.ts',
];

/** The tables that quote each message as users see it, with its place. */
const tables = [
  'test/unit/definition',
  'test/unit/staging/unit-problems.test.ts',
  'test/unit/commands/migration/with-unit-problems.test.ts',
];

/** Texts that are no messages, or that nothing in a file brings about. */
const others: Readonly<Record<string, string>> = {
  'undefined filter': 'what Liquid says, which a message of ours replaces',
  'memory alloc limit exceeded': 'what Liquid says, which a message of ours replaces',
  'parse length limit exceeded': 'what Liquid says, which a message of ours replaces',
  'Maximum call stack size exceeded': 'what Node says, which a message of ours replaces',
  'Invalid input': 'what the schema says of no field in particular, which a message of ours replaces',
  'Longhaul migration file': 'the title of the JSON Schema',
  'a definition has no canonical form': 'the text of a fault in Longhaul itself',
};

function filesOf(places: readonly string[]): readonly string[] {
  return places.flatMap((place) =>
    statSync(place).isDirectory() ? filesOf(readdirSync(place).map((name) => join(place, name))) : [place],
  );
}

describe('what the validator can say', () => {
  it('is quoted by a test, each text of it', () => {
    const quoted = filesOf(tables).map(quotedTexts).join('\n');
    const untested = filesOf(sources).flatMap((file) =>
      messageTexts(file)
        .filter((text) => !quoted.includes(text) && others[text] === undefined)
        .map((text) => `${file}: ${text}`),
    );
    expect(untested).toEqual([]);
  });

  it('has no exception that is not needed', () => {
    const texts = new Set(filesOf(sources).flatMap(messageTexts));
    expect(Object.keys(others).filter((text) => !texts.has(text))).toEqual([]);
    expect(texts.size).toBeGreaterThan(200);
  });
});
