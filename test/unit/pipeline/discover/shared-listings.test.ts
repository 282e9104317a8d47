import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Failure, toFailure } from '../../../../src/domain/failure.js';
import type { RenderedLookup } from '../../../../src/domain/rendered-find.js';
import type { StagedUnit } from '../../../../src/domain/unit.js';
import { findBlobs } from '../../../../src/pipeline/discover/find-blobs.js';
import { ListingHabits } from '../../../../src/pipeline/discover/sharing/listing-habits.js';
import { SharedListings, type Sharing } from '../../../../src/pipeline/discover/sharing/shared-listings.js';
import { Flag } from '../../../support/fakes/flag.js';
import { MemoryBlobSource } from '../../../support/fakes/memory-blob-source.js';
import { prefixLookup, smallDefinition } from '../../../support/fakes/memory-migration.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

const time = useScaledTime(50);

const running = new AbortController().signal;
setMaxListeners(0, running);

/** A slice of units over a source. */
class World {
  readonly source: MemoryBlobSource;
  readonly units: readonly StagedUnit[];
  readonly habits = new ListingHabits();
  readonly #lookups: (unit: number) => readonly RenderedLookup[];
  #listings: SharedListings;

  constructor(options: {
    readonly units: number;
    readonly names?: readonly string[];
    readonly lookups?: (unit: number) => readonly RenderedLookup[];
    readonly pageBlobs?: number;
  }) {
    const { units, names = [], lookups = (unit) => [prefixLookup({ prefix: `orders/${two(unit)}/` })] } = options;
    this.source = new MemoryBlobSource(options.pageBlobs === undefined ? {} : { pageBlobs: options.pageBlobs });
    this.source.addContainer('east', 'events');
    for (const name of names) this.add(name);
    this.units = Array.from({ length: units }, (_, index) => ({
      index,
      id: `u${index}`,
      key: `u${index}`,
      fields: {},
    }));
    this.#lookups = lookups;
    this.#listings = this.nextSlice();
  }

  add(name: string): void {
    this.source.add({ account: 'east', container: 'events', name }, name, { md5: null });
  }

  /** Begins a slice of the same units again; only the habits are kept. */
  nextSlice(): SharedListings {
    this.#listings = new SharedListings({ ...this.#finding, habits: this.habits }, this.units);
    return this.#listings;
  }

  /** Finds the blobs of a unit: their names, or the class of the failure. */
  async find(unit: number, options: { readonly signal?: AbortSignal; readonly told?: Sharing['told'] } = {}) {
    const { signal = running, told = () => undefined } = options;
    const sharing = { listings: this.#listings, told };
    try {
      const blobs = await findBlobs(this.units[unit]!, { ...this.#finding, sharing }, signal);
      return blobs.map(({ name }) => name);
    } catch (error) {
      return signal.aborted ? 'aborted' : toFailure(error).failureClass;
    }
  }

  async findAll() {
    return await Promise.all(this.units.map(({ index }) => this.find(index)));
  }

  get requests(): readonly string[] {
    return this.source.requests.log.filter(({ kind }) => kind === 'list').map(({ name }) => name);
  }

  get #finding() {
    const find = { lookups: ({ index }: StagedUnit) => this.#lookups(index), expect: () => ({}) };
    return { definition: smallDefinition(), find, source: this.source };
  }
}

const two = (number: number): string => String(number).padStart(2, '0');
const days = (count: number, blobs = 2): string[] =>
  Array.from({ length: count * blobs }, (_, index) => `orders/${two(Math.floor(index / blobs))}/${two(index % blobs)}`);
const broken = (): { failure: Failure } => ({
  failure: new Failure('SourceNetwork', 'the connection was reset', { what: 'account east' }),
});

describe('units whose prefixes have something in common', () => {
  it('take one list request together', async () => {
    const world = new World({ units: 30, names: days(30) });
    const found = await world.findAll();
    expect(found).toEqual(Array.from({ length: 30 }, (_, day) => [`orders/${two(day)}/00`, `orders/${two(day)}/01`]));
    expect(world.requests).toEqual(['east/events/orders/']);
  });

  it('take one together even if they begin one after another', async () => {
    const world = new World({ units: 30, names: days(30) });
    for (const { index } of world.units) expect(await world.find(index)).toHaveLength(2);
    expect(world.requests).toHaveLength(1);
  });

  it('list by themselves if what they have in common is mostly of others', async () => {
    const others = Array.from({ length: 90 }, (_, index) => `orders/0!${index}`);
    const world = new World({ units: 3, names: [...others, ...days(3)], pageBlobs: 20 });
    expect(await world.findAll()).toEqual([0, 1, 2].map((day) => [`orders/0${day}/00`, `orders/0${day}/01`]));
    expect([...world.requests].sort()).toEqual([
      'east/events/orders/0',
      'east/events/orders/00/',
      'east/events/orders/01/',
      'east/events/orders/02/',
    ]);
  });

  it('list by themselves if a page brings one of them only, however short it is', async () => {
    const world = new World({ units: 6, names: days(6, 3), pageBlobs: 3 });
    await world.findAll();
    expect(world.requests.filter((name) => name === 'east/events/orders/0')).toHaveLength(1);
    expect(world.requests).toHaveLength(7);
  });

  it('are not tried more than eight times before they list by themselves, however many they are', async () => {
    const digits = ['0', '1', '2', '3'];
    const paths = digits.flatMap((a) => digits.flatMap((b) => digits.map((c) => `${a}${b}${c}/`)));
    const inFront = ['', ...digits, ...digits.flatMap((a) => digits.map((b) => a + b))].flatMap((start) =>
      Array.from({ length: 20 }, (_, index) => `${start}!${two(index)}`),
    );
    const lookups = (unit: number) => [prefixLookup({ prefix: paths[unit] ?? '' })];
    const world = new World({
      units: 64,
      names: [...inFront, ...paths.map((path) => `${path}x`)],
      lookups,
      pageBlobs: 20,
    });
    expect(await world.findAll()).toEqual(paths.map((path) => [`${path}x`]));
    expect(world.requests).toHaveLength(64 + 8);
  });

  it('are tried ever more rarely if that did not pay', async () => {
    const others = Array.from({ length: 90 }, (_, index) => `orders/0!${index}`);
    const world = new World({ units: 3, names: [...others, ...days(3)], pageBlobs: 20 });
    for (let slice = 0; slice < 64; slice += 1) {
      world.nextSlice();
      await world.findAll();
    }
    expect(world.requests.filter((name) => name === 'east/events/orders/0')).toHaveLength(6);
  });

  it('continue with the part of them that pays', async () => {
    const others = Array.from({ length: 100 }, (_, index) => `a/${two(index)}`);
    const lookups = (unit: number) => [
      prefixLookup({ prefix: unit < 8 ? `orders/${two(unit)}/` : `b${'cdefgh'.charAt(unit - 8)}/` }),
    ];
    const world = new World({ units: 10, names: [...others, ...days(8), 'bc/1', 'bd/1'], pageBlobs: 20, lookups });
    expect((await world.findAll()).map((found) => found.length)).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 1, 1]);
    expect([...world.requests].sort()).toEqual(['east/events/', 'east/events/b', 'east/events/orders/0']);
  });

  it('with more blobs than may wait for them are served in groups', async () => {
    const names = days(40, 250).map((name) => `${name}${'x'.repeat(900)}`);
    const world = new World({ units: 40, names });
    for (const { index } of world.units) expect(await world.find(index)).toHaveLength(250);
    // About 7,000 of these blobs may wait: the first 28 units or so are served by two pages, the rest by one more.
    expect(world.requests.length).toBeLessThanOrEqual(5);
  });

  it('ask again for the page that failed, and for no other', async () => {
    const world = new World({ units: 30, names: days(30), pageBlobs: 20 });
    world.source.requests.hook = ({ count }) => (count === 1 ? broken() : undefined);
    expect((await world.findAll()).flat()).toHaveLength(60);
    expect(world.requests).toEqual(Array.from({ length: 4 }, () => 'east/events/orders/'));
  });

  it('list by themselves if their common listing fails', async () => {
    const world = new World({ units: 5, names: days(5) });
    world.source.requests.hook = ({ name }) => (name === 'east/events/orders/0' ? broken() : undefined);
    expect((await world.findAll()).flat()).toHaveLength(10);
    expect(world.requests.filter((name) => name !== 'east/events/orders/0')).toHaveLength(5);
  });

  it('of which one is cancelled still get their common listing', async () => {
    const world = new World({ units: 5, names: days(5) });
    const arrived = new Flag();
    const goOn = new Flag();
    world.source.requests.hook = async () => {
      arrived.raise();
      await goOn.raised;
      return undefined;
    };
    const cancelled = new AbortController();
    const first = world.find(0, { signal: cancelled.signal });
    const second = world.find(1);
    await arrived.raised;
    cancelled.abort(new Error('the unit is cancelled'));
    expect(await first).toBe('aborted');
    goOn.raise();
    expect(await second).toEqual(['orders/01/00', 'orders/01/01']);
    expect(world.requests).toHaveLength(1);
  });

  it('hear of every page, so that a long listing is no stall', async () => {
    const world = new World({ units: 30, names: days(30), pageBlobs: 10 });
    let signs = 0;
    await world.find(0, { told: () => void (signs += 1) });
    expect(signs).toBe(6);
  });
});

describe('units with the same prefix', () => {
  const lookups = (unit: number): readonly RenderedLookup[] => {
    const matches = (name: string): boolean => name.startsWith('orders/') && Number(name.slice(-2)) % 40 === unit;
    return [prefixLookup({ prefix: 'orders/', find: { kind: 'prefix', prefix: 'orders/', matches } })];
  };

  it('are listed once, however long that takes', async () => {
    const world = new World({ units: 3, names: days(10, 90), lookups, pageBlobs: 100 });
    expect((await world.findAll()).map((found) => found.length)).toEqual([30, 30, 30]);
    expect(world.requests).toHaveLength(9);
  });

  it('fail with that listing, and are listed together again', async () => {
    const world = new World({ units: 3, names: days(10, 90), lookups });
    world.source.requests.hook = () => broken();
    expect(await world.findAll()).toEqual(['SourceNetwork', 'SourceNetwork', 'SourceNetwork']);
    const asked = world.requests.length;
    world.source.requests.hook = undefined;
    expect((await world.findAll()).map((found) => found.length)).toEqual([30, 30, 30]);
    expect(world.requests.length - asked).toBe(1);
  });

  it('wait with few blobs in memory: the first units are served, the later ones by another listing', async () => {
    const names = Array.from({ length: 200 }, (_, index) =>
      Array.from({ length: 100 }, (_unused, unit) => `orders/${'x'.repeat(600)}-${two(index)}-${two(unit)}`),
    ).flat();
    const world = new World({ units: 40, names, lookups });
    const found = [];
    for (const { index } of world.units) found.push((await world.find(index)).length);
    // The last two digits 0 to 99, by 40: units 0 to 19 have three of them.
    expect(found).toEqual(Array.from({ length: 40 }, (_, unit) => (unit < 20 ? 600 : 400)));
    // A listing has four pages, and there would be forty if each unit listed by itself.
    expect(world.requests.length / 4).toBeGreaterThan(2);
    expect(world.requests.length / 4).toBeLessThan(6);
  });
});

describe('a container that is not there', () => {
  it('is asked for once, whether the units can do without it or not', async () => {
    const lookups = (unit: number) => [
      prefixLookup({ prefix: `${unit}/`, container: 'absent', optional: unit !== 1 }),
      prefixLookup({ prefix: `orders/${two(unit)}/`, lookup: 1 }),
    ];
    const world = new World({ units: 3, names: days(3, 1), lookups });
    expect(await world.findAll()).toEqual([['orders/00/00'], 'SourceMissing', ['orders/02/00']]);
    expect(world.requests.filter((name) => name.includes('absent'))).toHaveLength(1);
  });
});

describe('a shared listing', () => {
  it('serves units that begin within five minutes; then there is a new one', async () => {
    const world = new World({ units: 4, names: days(4, 1) });
    await world.find(0);
    world.add('orders/01/01');
    time.leap(4 * 60_000);
    expect(await world.find(1)).toEqual(['orders/01/00']);
    world.add('orders/02/01');
    time.leap(2 * 60_000);
    expect(await world.find(2)).toEqual(['orders/02/00', 'orders/02/01']);
    expect(await world.find(3)).toEqual(['orders/03/00']);
    expect(world.requests).toHaveLength(2);
  });

  it('serves a unit once: when it begins again, it sees what there is by then', async () => {
    const world = new World({ units: 4, names: days(4, 1) });
    await world.findAll();
    world.add('orders/01/01');
    expect(await world.find(1)).toEqual(['orders/01/00', 'orders/01/01']);
    expect(world.requests.at(-1)).toBe('east/events/orders/01/');
  });

  it('is not repeated for a unit that begins again, although it is old', async () => {
    const world = new World({ units: 4, names: days(4, 1) });
    await world.find(0);
    time.leap(6 * 60_000);
    await world.find(1);
    await world.find(0);
    await world.find(2);
    expect(world.requests).toEqual(['east/events/orders/0', 'east/events/orders/0', 'east/events/orders/00/']);
  });

  it('serves the other units if the lookups of one do not render', async () => {
    const world = new World({
      units: 4,
      names: days(4, 1),
      lookups: (unit) => {
        if (unit === 2) throw new Failure('ConfigError', 'the container has no such name');
        return [prefixLookup({ prefix: `orders/${two(unit)}/` })];
      },
    });
    expect(await world.findAll()).toEqual([['orders/00/00'], ['orders/01/00'], 'ConfigError', ['orders/03/00']]);
    expect(world.requests).toHaveLength(1);
  });
});
