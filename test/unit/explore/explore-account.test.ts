import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/domain/failure.js';
import { exploreAccount } from '../../../src/explore/explore-account.js';
import type { ExploreRequest } from '../../../src/explore/explore-request.js';
import { Exploration, type StoredExploration } from '../../../src/explore/exploration.js';
import { listUnits, type UnitsPosition } from '../../../src/explore/list-units.js';
import type { WalkLimits } from '../../../src/explore/walk-limits.js';
import { proposeFind } from '../../../src/shapes/proposal/propose-find.js';
import { shapeText } from '../../../src/shapes/shape-text.js';
import { MemoryBlobSource } from '../../support/fakes/memory-blob-source.js';
import { daysFrom, numbersTo } from '../../support/migrations/listed-names.js';

const running = new AbortController().signal;
const small: WalkLimits = { pagesMax: 4, sampleFolders: 3, samplePages: 2 };

const requestOf = (place: Partial<ExploreRequest> = {}): ExploreRequest => ({
  account: { name: 'east', definition: { endpoint: 'https://east.example' }, orIdentity: false },
  ...{ prefix: '', whole: false },
  ...place,
});

function fill(
  source: MemoryBlobSource,
  container: string,
  names: readonly string[],
  body: Uint8Array | string = '{}',
): void {
  for (const name of names) source.add({ account: 'east', container, name }, body);
}

const dayNames = (days: number, blobs: number): readonly string[] =>
  daysFrom('2024-02-27', days).flatMap(([y, m, d]) =>
    numbersTo(blobs).map((n) => `${y}/${m}/${d}/p-${String(n + 1)}.json`),
  );

const explore = (source: MemoryBlobSource, request = requestOf(), limits?: WalkLimits) =>
  exploreAccount(source, request, {
    ...{ exploration: Exploration.from(undefined), signal: running, onStep: () => {} },
    ...(limits !== undefined && { limits }),
  });

describe('exploring an account', () => {
  it('reports every container with its blobs and bytes, and the shapes of all names', async () => {
    const source = new MemoryBlobSource({ pageBlobs: 7 });
    fill(source, 'events', dayNames(4, 5));
    fill(source, 'logs', ['a.log', 'b.log'], gzipSync('text'));
    source.addContainer('east', 'nothing');
    source.addContainer('west', 'other');
    const explored = await explore(source);
    expect(explored).toMatchObject({
      blobs: 22,
      containers: [
        { name: 'events', blobs: 20, bytes: 40, sample: null },
        { name: 'logs', blobs: 2, sample: null },
        { name: 'nothing', blobs: 0, bytes: 0, sample: null },
      ],
      moreShapes: null,
    });
    expect(explored.shapes.map(({ elements, formats }) => [shapeText(elements), formats])).toEqual([
      ['events/{yyyy}/{MM}/{dd}/p-{n}.json', ['json']],
      ['logs/{a|b}.log', ['gzip']],
    ]);
  });

  it('skips a container that was deleted after it was named, and refuses one that was asked for', async () => {
    const gone = new Failure('SourceMissing', 'the container does not exist');
    const source = new MemoryBlobSource({
      hook: async ({ name }) => (name === 'east/gone/' ? { failure: gone } : undefined),
    });
    fill(source, 'events', dayNames(1, 1));
    fill(source, 'gone', ['a']);
    expect((await explore(source)).containers).toMatchObject([{ name: 'events' }]);
    await expect(explore(source, requestOf({ container: 'gone' }))).rejects.toThrow(gone);
  });

  it('looks below a prefix of one container alone', async () => {
    const source = new MemoryBlobSource();
    fill(source, 'events', dayNames(4, 5));
    const explored = await explore(source, requestOf({ container: 'events', prefix: '2024/03/' }));
    expect(explored.containers).toEqual([{ name: 'events', blobs: 5, bytes: 10, sample: null }]);
  });

  it('samples a large container over its whole breadth, and then claims nothing about gaps', async () => {
    const source = new MemoryBlobSource({ pageBlobs: 5 });
    fill(source, 'events', dayNames(30, 20));
    const explored = await explore(source, requestOf(), small);
    // 4 pages from the first name on; then 2 pages of 3 of 30 folders, the first of which was listed already.
    expect(explored.containers).toEqual([
      { name: 'events', blobs: 40, bytes: 80, sample: { blobs: 20, folders: 3, ofFolders: 30 } },
    ]);
    expect(explored.shapes).toMatchObject([
      { sequence: null, dates: { first: '2024-02-27', last: '2024-03-27', missing: null } },
    ]);
    const whole = await explore(source, requestOf({ whole: true }), small);
    expect(whole.containers).toEqual([{ name: 'events', blobs: 600, bytes: 1_200, sample: null }]);
    expect(whole.shapes).toMatchObject([{ sequence: { start: 1 }, dates: { missing: 0 } }]);
  });

  it('says so when a large container has no folders to sample', async () => {
    const source = new MemoryBlobSource({ pageBlobs: 5 });
    fill(
      source,
      'flat',
      numbersTo(100).map((n) => `p-${String(n)}`),
    );
    const { containers } = await explore(source, requestOf(), small);
    expect(containers).toEqual([
      { name: 'flat', blobs: 20, bytes: 40, sample: { blobs: 20, folders: 0, ofFolders: 0 } },
    ]);
  });

  it.each([requestOf(), requestOf({ whole: true })])(
    'continues after any page as if nothing had happened',
    async (request) => {
      const source = new MemoryBlobSource({ pageBlobs: 5 });
      fill(source, 'events', dayNames(12, 8));
      fill(source, 'more', dayNames(3, 8));
      const undisturbed = await explore(source, request, small);
      let steps = 0;
      for (let stopAt = 1; ; stopAt += 4) {
        const stop = new AbortController();
        const exploration = Exploration.from(undefined);
        steps = 0;
        const onStep = (): void => {
          steps += 1;
          if (steps === stopAt) stop.abort(new Error('the worker was killed'));
        };
        const run = { exploration, signal: stop.signal, onStep, limits: small };
        const [first] = await Promise.allSettled([exploreAccount(source, request, run)]);
        if (first.status === 'fulfilled') break;
        const stored = JSON.parse(JSON.stringify(exploration.store())) as StoredExploration;
        const again = { ...run, exploration: Exploration.from(stored), signal: running };
        expect(await exploreAccount(source, request, again), `after ${String(stopAt)} steps`).toEqual(undisturbed);
      }
      expect(steps).toBeGreaterThan(8);
    },
  );

  it('asks for one page at a time, again after a failure that passes', async () => {
    let [open, most, requests] = [0, 0, 0];
    const source = new MemoryBlobSource({
      pageBlobs: 5,
      hook: async () => {
        open += 1;
        requests += 1;
        most = Math.max(most, open);
        await new Promise(setImmediate);
        open -= 1;
        return requests === 3 ? { failure: new Failure('SourceNetwork', 'the connection broke') } : undefined;
      },
    });
    fill(source, 'events', dayNames(4, 5));
    expect((await explore(source)).blobs).toBe(20);
    expect(most).toBe(1);
  });

  it('reports the shapes even if no blob can be read', async () => {
    const source = new MemoryBlobSource({
      hook: async ({ kind }) =>
        kind === 'open' ? { failure: new Failure('SourceForbidden', 'the SAS token may only list') } : undefined,
    });
    fill(source, 'events', dayNames(2, 2));
    expect((await explore(source)).shapes).toMatchObject([{ blobs: 4, formats: [] }]);
  });

  it('keeps its result below 1 MB and says what it leaves out', async () => {
    const source = new MemoryBlobSource();
    const extensions = numbersTo(20).map((n) => `.${'abcdefghijklmnopqrst'[n] ?? ''}xt`);
    for (const extension of extensions) {
      for (const n of numbersTo(50)) {
        const folders = numbersTo(8).map((at) => `${'word'.repeat(30)}${'ghjk'[at % 4] ?? ''}${letters(n)}`);
        fill(source, 'c', [`${folders.join('/')}${extension}`]);
      }
    }
    const explored = await explore(source);
    expect(JSON.stringify(explored).length).toBeLessThan(1_000_000);
    expect(explored.moreShapes?.shapes).toBe(20 - explored.shapes.length);
    const told = explored.shapes.reduce((sum, { blobs }) => sum + blobs, explored.moreShapes?.blobs ?? 0);
    expect(told).toBe(1_000);
  });
});

/** Letters, and sometimes a digit, that tell a number. */
function letters(n: number): string {
  return `${'ghijklmnop'[n % 10] ?? ''}${'ghijklmnop'[Math.floor(n / 10)] ?? ''}${n % 2 === 0 ? '7' : ''}`;
}

describe('listing the units of a shape', () => {
  it('returns each unit that the names show, page by page', async () => {
    const source = new MemoryBlobSource({ pageBlobs: 7 });
    fill(source, 'events', dayNames(4, 5));
    fill(source, 'logs', ['a.log']);
    const [shape, ...others] = (await explore(source)).shapes;
    const { columns, units } = proposeFind(shape!, others);
    const found: string[] = [];
    let position: UnitsPosition | null = { walk: {}, skip: 0 };
    while (position !== null) {
      const page: Awaited<ReturnType<typeof listUnits>> = await listUnits(source, requestOf(), {
        ...{ columns, pattern: units!, position, signal: running, lengthMax: 20 },
      });
      found.push(...page.units.map((unit) => unit.join()));
      position = page.next;
    }
    expect([...new Set(found)]).toEqual(['2024-02-27', '2024-02-28', '2024-02-29', '2024-03-01']);
  });
});
