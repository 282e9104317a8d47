import { createHook } from 'node:async_hooks';
import { expect, it, vi } from 'vitest';
import { createProcessResources } from '../../../../src/flow/process-resources.js';
import { pacedSource } from '../../../../src/pipeline/source/paced-source.js';
import { throttledSource } from '../../../../src/pipeline/source/throttled-source.js';
import { moveUnit } from '../../../../src/pipeline/unit/move-unit.js';
import { watchedResources } from '../../../../src/pipeline/unit/watched-resources.js';
import { BytePace } from '../../../../src/flow/byte-pace.js';
import { RequestPace } from '../../../../src/flow/request-pace.js';
import { StoreThrottle } from '../../../../src/flow/store-throttle.js';
import { countedSource } from '../../../../src/telemetry/metrics/counted-stores.js';
import { BoundedLabel } from '../../../../src/telemetry/metrics/bounded-label.js';
import { RequestCounts } from '../../../../src/telemetry/metrics/request-counts.js';
import { useBzip2 } from '../../../support/corpora/bzip2.js';
import { noise } from '../../../support/fakes/async-bytes.js';
import { MemoryMigration, smallDefinition } from '../../../support/fakes/memory-migration.js';

const bzip2 = useBzip2();

// Whoever makes one of these larger makes every blob of every migration slower: `npm run bench -- hot-path` says by how
// much. Each is what one blob more costs a unit, so that what a unit costs once does not count.
it('takes no more steps for a small blob than these', async () => {
  // The first unit makes what all share.
  await countsOf(4);
  const few = await countsOf(8);
  const many = await countsOf(40);
  const perBlob = Object.fromEntries(
    Object.entries(many).map(([name, count]) => [name, (count - few[name as keyof Counts]) / 32]),
  );
  expect(perBlob).toEqual({ requests: 1, promises: 52, bodies: 0, copies: 0 });
});

interface Counts {
  readonly requests: number;
  /** Each `await` makes one or more. */
  readonly promises: number;
  /** Allocations of a kilobyte or more. */
  readonly bodies: number;
  /** Calls that copy a kilobyte or more to new memory. */
  readonly copies: number;
}

/** Moves a unit of this many blobs as a worker process does, and counts the steps. */
async function countsOf(blobs: number): Promise<Counts> {
  const migration = new MemoryMigration({
    units: 1,
    definition: smallDefinition({ transform: { decompress: 'bzip2' } }),
  });
  const body = await bzip2(noise(4_000).toString('hex'));
  for (let blob = 0; blob < blobs; blob += 1) migration.addBlob(0, `${String(blob).padStart(4, '0')}.bz2`, body);
  const { source, resources } = migration;
  let requests = 0;
  // It has all bytes at hand, so that only the steps of its caller are counted.
  const scripted = {
    listPage: source.listPage.bind(source),
    head: source.head.bind(source),
    open: source.open.bind(source),
    read: () => {
      requests += 1;
      return Promise.resolve({ bytes: body });
    },
  };
  const throttle = new StoreThrottle();
  const pace = { pace: new BytePace(() => undefined), requestPace: () => new RequestPace(() => undefined) };
  const counted = countedSource(scripted, new RequestCounts(new BoundedLabel(10)));
  const around = pacedSource(
    throttledSource(counted, () => throttle),
    pace,
  );
  const job = {
    ...{ unit: migration.unit, askFirst: false, buildInfo: 'longhaul 0.1.0', moved: () => undefined },
    process: createProcessResources({}),
    resources: watchedResources({ ...resources, source: around }, () => undefined),
    signal: new AbortController().signal,
  };
  let [promises, bodies, copies] = [0, 0, 0];
  const large = (bytes: number): number => (bytes >= 1_000 ? 1 : 0);
  const allocate = Buffer.allocUnsafeSlow.bind(Buffer);
  const concat = Buffer.concat.bind(Buffer);
  const spies = [
    vi.spyOn(Buffer, 'allocUnsafeSlow').mockImplementation((size) => {
      bodies += large(size);
      return allocate(size);
    }),
    vi.spyOn(Buffer, 'concat').mockImplementation((list, length) => {
      const joined = concat(list, length);
      copies += large(joined.length);
      return joined;
    }),
  ];
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'PROMISE') promises += 1;
    },
  }).enable();
  try {
    expect(await moveUnit(job)).toMatchObject({ state: 'done', blobs });
  } finally {
    hook.disable();
    for (const spy of spies) spy.mockRestore();
  }
  return { requests, promises, bodies, copies };
}
