import { gzipSync } from 'node:zlib';
import type { ExplorationRun, TemporalExplorations } from '../../../src/commands/ports/temporal-explorations.js';
import { exploreAccount } from '../../../src/explore/explore-account.js';
import { Exploration } from '../../../src/explore/exploration.js';
import { listUnits } from '../../../src/explore/list-units.js';
import { MemoryBlobSource } from '../../support/fakes/memory-blob-source.js';
import { daysFrom, hexDigits, numbersTo } from '../../support/migrations/listed-names.js';

const running = new AbortController().signal;

/**
 * Explorations of a small container in memory, as a worker would carry them out. Without workers, they never begin.
 */
export function sampleExplorations(areWorkersThere: boolean): TemporalExplorations {
  const run = <Result>(result: Promise<Result>): ExplorationRun<Result> => ({
    workflowId: 'explore/prodeast/3f2504e0',
    look: async () =>
      areWorkersThere
        ? { state: 'completed', result: await result }
        : { state: 'running', progress: null, isBegun: false, waitsFor: null },
    cancel: async () => {},
  });
  return {
    start: async (request) => {
      const source = sampleSource(request.account.name);
      const exploration = Exploration.from(undefined);
      return run(exploreAccount(source, request, { exploration, signal: running, onStep: () => {} }));
    },
    startUnits: async ({ request, ...units }) =>
      run(listUnits(sampleSource(request.account.name), request, { ...units, signal: running })),
  };
}

/** A source with a scheme of days and regions, a missing day, an empty blob, and a stray one. */
function sampleSource(account: string): MemoryBlobSource {
  const source = new MemoryBlobSource();
  const body = gzipSync('one line\n'.repeat(200));
  for (const [index, [y, m, d]] of daysFrom('2019-02-26', 8).entries()) {
    if (d === '28') continue;
    for (const n of numbersTo(12)) {
      const folder = `${n % 2 === 0 ? 'eu' : 'us'}/${y}/${m}/${d}/${hexDigits(index * 12 + n, 4)}`;
      const name = `${folder}/part-${String(n)}.json.gz`;
      source.add(
        { account, container: 'events', name },
        n === 7 && d === '27' ? '' : body.subarray(0, body.length - n),
      );
    }
  }
  source.add({ account, container: 'events', name: 'README.md' }, '# Events');
  return source;
}
