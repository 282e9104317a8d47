import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadVerbs, verbGroups } from '../../../../src/commands/verbs.js';
import { documents, readDocument } from '../../../support/documents/documents.js';
import { testTiers } from '../../../../scripts/lib/test-tiers.mjs';

const top = new URL('../../../../', import.meta.url).pathname;
const read = readDocument;
const verbs = await loadVerbs();

describe.each(documents)('%s', (document) => {
  const text = read(document);

  it('links to nothing that is not there', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)/g)];
    const broken = links.filter(([, path = '', anchor]) => {
      const target = path === '' ? document : join(dirname(document), path);
      if (!existsSync(join(top, target))) return true;
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names only modules, scripts and documents that are there', () => {
    const named = [...text.matchAll(/`((?:src|test|scripts|docs|deploy)\/[\w./-]*\w)`/g)].map(([, path = '']) => path);
    expect(named.filter((path) => !existsSync(join(top, path)))).toEqual([]);
  });

  it('never takes the public name of a package for ours, and names no verb that does not exist', () => {
    expect(text).not.toMatch(/npx (?!--no-install )longhaul/);
    const names = new Set(verbs.flatMap(({ name }) => name.split(' ')).concat(Object.keys(verbGroups)));
    const named = [...text.matchAll(/(?:`|^\s*)(?:npx --no-install )?longhaul ([a-z]+)/gm)].map(
      ([, verb = '']) => verb,
    );
    expect(named.filter((verb) => !names.has(verb))).toEqual([]);
  });
});

it('the list of pages has every document once', () => {
  const listed = [...read('docs/README.md').matchAll(/^- \[.*?\]\((.*?)\)/gm)].map(([, path = '']) =>
    normalize(join('docs', path)),
  );
  const pages = documents.filter((path) => path !== 'docs/README.md' && !path.startsWith('docs/decisions/'));
  expect([...listed].sort()).toEqual([...pages, 'docs/decisions'].sort());
});

it('CONTRIBUTING lists every tier of tests, and where it runs', () => {
  const text = read('CONTRIBUTING.md');
  for (const { name, set } of testTiers) {
    const row = new RegExp(`^\\| \`${name}\` .*\\| \`(.*?)\` +\\|$`, 'm').exec(text)?.[1];
    expect(row, name).toBe({ default: 'npm test', long: 'test:all' }[set]);
  }
});

describe('decision records', () => {
  const records = readdirSync(join(top, 'docs/decisions'));

  it.each(records)('%s states its number, its date and its status', (name) => {
    const [title, , line] = read(`docs/decisions/${name}`).split('\n');
    expect(title).toMatch(new RegExp(`^# ${String(Number(name.slice(0, 4)))}\\. \\S`));
    expect(line).toMatch(/^Date: \d{4}-\d\d-\d\d\. Status: (accepted|superseded by)\b.*\.$/);
  });

  it('have different numbers', () => {
    const numbers = records.map((name) => name.slice(0, 4));
    expect(numbers).toEqual([...new Set(numbers)]);
  });
});

/** The anchors of the headings of a document, as GitHub makes them. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}
