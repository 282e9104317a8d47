import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failureClasses } from '../../../../src/domain/failure-classes.js';

const top = new URL('../../../../', import.meta.url).pathname;
const text = readFileSync(join(top, 'docs/faults.md'), 'utf8');

/** The sections of the page, by heading, and the rows that each must have. */
const sections = {
  Content: { first: 1, last: 21 },
  'The source': { first: 22, last: 41 },
  'The target': { first: 42, last: 57 },
  'Workers, Temporal and the machine': { first: 58, last: 75 },
  'Found by trying': { first: 76, last: 102 },
};

/** Where scripted servers misbehave by the number of the request. */
const scripted = [
  'test/contract/azure-faults.test.ts',
  'test/contract/s3-faults.test.ts',
  'probes/probe-target.test.ts',
];
/** Rows in which no store takes part, or more than one server; the page says why. */
const unscripted = [56, 84, 89, 91, 92, 94, 96, 97, 98, 99, 100];

interface Row {
  readonly number: number;
  readonly classes: readonly string[];
  readonly retry: string;
  readonly proofs: readonly { readonly path: string; readonly title: string }[];
}

describe.each(Object.entries(sections))('docs/faults.md, %s', (heading, { first, last }) => {
  const rows = rowsOf(heading);

  it('has every row, once and in order', () => {
    const numbers = Array.from({ length: last - first + 1 }, (_unused, offset) => first + offset);
    expect(rows.map(({ number }) => number)).toEqual(numbers);
  });

  it.each(rows)('names for row $number a test that is there', ({ proofs }) => {
    expect(proofs.length).toBeGreaterThan(0);
    for (const { path, title } of proofs) {
      expect(existsSync(join(top, path)), path).toBe(true);
      expect(readFileSync(join(top, path), 'utf8'), path).toContain(title);
    }
  });

  it.each(rows)('says of row $number what the table of failure classes says', ({ classes, retry }) => {
    for (const name of classes) expect(failureClasses, name).toHaveProperty([name]);
    if (classes.length !== 1) return;
    expect(retry).toBe(failureClasses[classes[0] as keyof typeof failureClasses].retry);
  });
});

it.each(['The source', 'The target', 'Found by trying'])(
  '%s: every row has a case with a scripted server',
  (heading) => {
    const others = rowsOf(heading).filter(
      ({ proofs }) => !proofs.some(({ path }) => scripted.some((end) => path.endsWith(end))),
    );
    expect(others.map(({ number }) => number)).toEqual(unscripted.filter((number) => isOf(heading, number)));
  },
);

function isOf(heading: string, number: number): boolean {
  const { first, last } = sections[heading as keyof typeof sections];
  return number >= first && number <= last;
}

function rowsOf(heading: string): readonly Row[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`docs/faults.md has no section ${heading}`);
  return [...section.matchAll(/^\| (\d+) .*\|$/gm)].map(([line]) => {
    const [, number = '', , , classes = '', retry = '', proof = ''] = line.split(/ *(?<!\\)\| */);
    return {
      number: Number(number),
      classes: [...classes.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
      retry,
      proofs: [...proof.matchAll(/`([^`]+)`: "([^"]+)"/g)].map(([, path = '', title = '']) => ({ path, title })),
    };
  });
}
