import { createHash } from 'node:crypto';
import { parse as parseCsv } from 'csv-parse/sync';
import { Liquid } from 'liquidjs';
import picomatch from 'picomatch';
import { parse as parseYaml } from 'yaml';
import type { DemoBlobName } from '../../../../src/local/demo-data/demo-data-options.js';

interface Lookup {
  readonly account: string;
  readonly container: string;
  readonly prefix: string;
  readonly match: string;
  readonly each?: Readonly<Record<string, string>>;
}

/** What one line of the units file selects, found by the plainest reading of the migration file. */
export interface Selection {
  readonly id: string;
  readonly key: string;
  readonly listings: number;
  readonly blobs: readonly DemoBlobName[];
}

/** Reads a migration file and its units, and selects among `stored` as the documentation of the file says. */
export function selectBlobs(migration: string, units: string, stored: readonly DemoBlobName[]): Selection[] {
  const liquid = new Liquid({ strictFilters: true, strictVariables: true });
  liquid.registerFilter('hash', (value: string, kind: string) => createHash(kind).update(value).digest('hex'));
  const definition = parseYaml(migration) as {
    units: { id: string };
    find: Lookup[];
    target: { key: string };
  };
  const render = (template: string, fields: object): string => liquid.parseAndRenderSync(template, fields);
  const lines: Record<string, string>[] = parseCsv(units, { columns: true });
  return lines.map((line) => {
    let listings = 0;
    const found = definition.find.flatMap((lookup) =>
      combinations(liquid, lookup.each ?? {}, line).flatMap((values) => {
        listings += 1;
        const place = { ...line, ...values };
        const account = render(lookup.account, place);
        const container = render(lookup.container, place);
        const prefix = render(lookup.prefix, place);
        const matches = picomatch(lookup.match);
        return stored
          .filter((blob) => blob.account === account && blob.container === container)
          .filter((blob) => blob.name.startsWith(prefix) && matches(blob.name.slice(prefix.length)));
      }),
    );
    // A stable sort keeps equal names in the order of the lookups and of their combinations.
    const blobs = found.toSorted((left, right) => Buffer.compare(Buffer.from(left.name), Buffer.from(right.name)));
    return { id: render(definition.units.id, line), key: render(definition.target.key, line), listings, blobs };
  });
}

function combinations(liquid: Liquid, each: Readonly<Record<string, string>>, line: object): object[] {
  return Object.entries(each).reduce<object[]>(
    (all, [name, template]) => {
      const list: string[] = liquid.evalValueSync(template.replace(/^\{\{|\}\}$/g, ''), line);
      return all.flatMap((combination) => list.map((value) => ({ ...combination, [name]: value })));
    },
    [{}],
  );
}
