import { expect, it } from 'vitest';
import { readUnclaimedDocument } from '../../../../src/commands/unclaimed/read-unclaimed.js';
import { writeContainerFindings, writeUnclaimed } from '../../../../src/control/plan/stored-unclaimed.js';
import { MemoryControlStore } from '../../../support/fakes/memory-control-store.js';

const { signal } = new AbortController();

it('unclaimed blobs of one shape are summed up over the containers of an account', async () => {
  const round = { control: new MemoryControlStore(), base: '.longhaul/orders/plan', round: 0 };
  const shape = 'events-{yyyy}/{n}.tmp';
  const nothing = { blobs: 0, bytes: 0 };
  for (const [account, container, blobs] of [
    ['east', 'events-2019', 3],
    ['east', 'events-2020', 4],
    ['west', 'events-2019', 5],
  ] as const) {
    const amount = { blobs, bytes: blobs * 10 };
    const found = {
      ...{ format: 1, account, container, claimed: nothing, unclaimed: amount, twice: nothing, gone: 0 },
      ...{ shapes: [{ ...amount, shape, first: [`${container}.tmp`] }], firstTwice: [], firstGone: [] },
    };
    await writeContainerFindings(round, found, signal);
  }
  await writeUnclaimed(round, { format: 1, containers: 3, unknownUnits: 0, endedAt: 'now' }, signal);
  const document = await readUnclaimedDocument(round, { async *units() {} }, signal);
  expect(document).toMatchObject({
    unclaimed: { blobs: 12, bytes: 120 },
    shapes: [
      { account: 'east', shape, blobs: 7, bytes: 70, first: ['events-2019.tmp', 'events-2020.tmp'] },
      { account: 'west', shape, blobs: 5, bytes: 50 },
    ],
    moreShapes: 0,
  });
});
