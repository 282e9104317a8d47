import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { createExploreAccount } from '../../src/activities/explore/explore-account-activity.js';
import { createExploreUnits } from '../../src/activities/explore/explore-units-activity.js';
import { Failure } from '../../src/domain/failure.js';
import type { ExploreRequest } from '../../src/explore/explore-request.js';
import type { UnitsPage } from '../../src/explore/list-units.js';
import { MemoryBlobSource } from '../support/fakes/memory-blob-source.js';
import { mockActivity } from '../support/fakes/mock-activity.js';

const request: ExploreRequest = {
  account: { name: 'east', definition: { endpoint: 'https://east.example' }, orIdentity: false },
  ...{ prefix: '', whole: false },
};

const names = Array.from({ length: 40 }, (_, n) => `2024/01/0${String(1 + (n % 4))}/p-${String(n)}`);

function bench(hook?: ConstructorParameters<typeof MemoryBlobSource>[0]) {
  const source = new MemoryBlobSource({ pageBlobs: 4, ...hook });
  for (const name of names) source.add({ account: 'east', container: 'events', name }, '{}');
  let closed = 0;
  const deps = { openExplored: () => ({ source, close: () => (closed += 1) }), redact: (text: string) => text };
  return { source, deps, closedTimes: () => closed };
}

describe('exploreAccount', () => {
  test('continues from the page that the attempt of a killed worker had reached', async () => {
    let pages = 0;
    const killed = mockActivity();
    let details: unknown;
    killed.on('heartbeat', (beat: unknown) => (details = beat));
    const { deps } = bench({
      hook: async () => {
        pages += 1;
        if (pages !== 6) return undefined;
        killed.cancel('TIMED_OUT');
        return undefined;
      },
    });
    await expect(killed.run(createExploreAccount(deps), request)).rejects.toThrow();
    // One request for the containers; the page that was cut off is listed again.
    expect(pages).toBe(6);
    const again = bench();
    const result = await mockActivity({ heartbeatDetails: details }).run(createExploreAccount(again.deps), request);
    const undisturbed = bench();
    expect(result).toEqual(await mockActivity().run(createExploreAccount(undisturbed.deps), request));
    const pagesOf = ({ source }: typeof again): number => source.requests.count('list');
    expect(pagesOf(again)).toBeLessThan(pagesOf(undisturbed) - 3);
    expect(again.closedTimes()).toBe(1);
  });

  test('is not retried when an account refuses the credential, and names the account', async () => {
    const failure = new Failure('SourceForbidden', 'list the containers of east: not allowed', {
      what: 'account east',
    });
    const { deps, closedTimes } = bench({ hook: async () => ({ failure }) });
    const failing = mockActivity().run(createExploreAccount(deps), request);
    await expect(failing).rejects.toMatchObject({ type: 'SourceForbidden', nonRetryable: true });
    await expect(failing).rejects.toBeInstanceOf(ApplicationFailure);
    expect(closedTimes()).toBe(1);
  });
});

const start = { walk: {}, skip: 0 };

describe('exploreUnits', () => {
  test('lists the units that names show', async () => {
    const { deps } = bench();
    const pattern = String.raw`^events/2024/01/(\d{2})/p-\d+$`;
    const page = await mockActivity().run(createExploreUnits(deps), {
      ...{ request, columns: ['day'], pattern: { pattern, groups: [{ column: 'day' }] } },
      position: start,
    });
    expect(page).toEqual({ units: [['01'], ['02'], ['03'], ['04']], next: null });
  });

  test('lists the same page again after the attempt of a killed worker', async () => {
    const pattern = String.raw`^events/2024/01/(\d{2})/p-(\d+)$`;
    const groups = [{ column: 'day' }, { column: 'number' }];
    const input = { request, columns: ['day', 'number'], pattern: { pattern, groups }, position: start };
    const undisturbed: UnitsPage = await mockActivity().run(createExploreUnits(bench().deps), input);
    expect(undisturbed.units).toHaveLength(names.length);
    const killed = mockActivity();
    let pages = 0;
    const { deps, closedTimes } = bench({
      hook: async () => {
        pages += 1;
        if (pages === 3) killed.cancel('TIMED_OUT');
        return undefined;
      },
    });
    await expect(killed.run(createExploreUnits(deps), input)).rejects.toThrow();
    expect(pages).toBe(3);
    expect(closedTimes()).toBe(1);
    expect(await mockActivity().run(createExploreUnits(deps), input)).toEqual(undisturbed);
  });
});
