import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure, toFailure } from '../../../../src/domain/failure.js';
import type { RenderedLookup } from '../../../../src/domain/rendered-find.js';
import type { StagedUnit } from '../../../../src/domain/unit.js';
import { findBlobs } from '../../../../src/pipeline/discover/find-blobs.js';
import { ListingHabits } from '../../../../src/pipeline/discover/sharing/listing-habits.js';
import { SharedListings } from '../../../../src/pipeline/discover/sharing/shared-listings.js';
import { MemoryBlobSource, type NameOrder } from '../../../support/fakes/memory-blob-source.js';
import { prefixLookup, smallDefinition } from '../../../support/fakes/memory-migration.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

useScaledTime(2_000);

const running = new AbortController().signal;
setMaxListeners(0, running);

// Short names over few characters, so that prefixes are shared, nested and empty. Two characters share half of a
// surrogate pair, and one sorts otherwise by UTF-16 than by UTF-8.
const text = (maxLength: number) =>
  fc.array(fc.constantFrom('a', 'b', '/', '1', '2', '🚀', '🚁', '\uffee'), { maxLength }).map((each) => each.join(''));

const lookup = fc.record({
  container: fc.constantFrom('events', 'events', 'events', 'late', 'absent'),
  prefix: text(4),
  ending: fc.constantFrom('', '', 'a', '1', '/'),
  optional: fc.boolean(),
});

const listingOrder = fc.constantFrom<NameOrder>(
  (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)),
  // As a hierarchical namespace may list: what is in a folder comes before the names beside it.
  (a, b) => compare(a.replaceAll('/', '\u0000'), b.replaceAll('/', '\u0000')),
  (a, b) => compare(backwards(a), backwards(b)),
);

const world = fc.record({
  names: fc.uniqueArray(fc.tuple(fc.constantFrom('events', 'late'), text(6)), { maxLength: 60, selector: String }),
  units: fc.array(fc.array(lookup, { maxLength: 6 }), { minLength: 1, maxLength: 14 }),
  order: listingOrder,
  pageBlobs: fc.integer({ min: 1, max: 40 }),
  atOnce: fc.integer({ min: 1, max: 8 }),
  /** Requests that fail once, by their number. */
  failing: fc.uniqueArray(fc.nat(60), { maxLength: 5 }),
  unitBlobs: fc.constantFrom(3, 1_000),
});

describe('shared listings', () => {
  it('give each unit exactly what it would list by itself, whatever the names, order, pages and failures', async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ names, units, order, pageBlobs, atOnce, failing, unitBlobs }) => {
        const source = new MemoryBlobSource({ order, pageBlobs });
        for (const container of ['events', 'late']) source.addContainer('east', container);
        for (const [container, name] of names) if (name !== '') source.add({ account: 'east', container, name }, name);
        const staged = units.map((_lookups, index) => ({ index, id: `u${index}`, key: `u${index}`, fields: {} }));
        const find = {
          lookups: ({ index }: StagedUnit) => units[index]!.map(rendered),
          expect: () => ({}),
        };
        const finding = { definition: smallDefinition({ limits: { unitBlobs } }), find, source };
        const alone: unknown[] = [];
        for (const unit of staged) alone.push(await outcome(findBlobs(unit, finding, running)));

        const before = source.requests.log.length;
        source.requests.hook = () =>
          failing.includes(source.requests.log.length - before)
            ? { failure: new Failure('SourceNetwork', 'the connection was reset', { what: 'account east' }) }
            : undefined;
        const listings = new SharedListings({ find, source, habits: new ListingHabits() }, staged);
        const sharing = { listings, told: () => undefined };
        const shared: unknown[] = [];
        const waiting = [...staged];
        const lane = async (): Promise<void> => {
          for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift())
            shared[unit.index] = await outcome(findBlobs(unit, { ...finding, sharing }, running));
        };
        await Promise.all(Array.from({ length: atOnce }, lane));
        expect(shared).toEqual(alone);
      }),
      { numRuns: 400 },
    );
  });
});

function rendered(each: {
  readonly container: string;
  readonly prefix: string;
  readonly ending: string;
  readonly optional: boolean;
}): RenderedLookup {
  const { container, prefix, ending, optional } = each;
  const matches = (name: string): boolean => name.startsWith(prefix) && name.endsWith(ending);
  return prefixLookup({ prefix, container, optional, find: { kind: 'prefix', prefix, matches } });
}

/** The class of a failure; its message may name a prefix that is shared. */
async function outcome(found: ReturnType<typeof findBlobs>): Promise<unknown> {
  try {
    return (await found).map(({ container, name, etag, lookup: by }) => [container, name, etag, by]);
  } catch (error) {
    return toFailure(error).failureClass;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function backwards(name: string): string {
  return Array.from(name).reverse().join('');
}
