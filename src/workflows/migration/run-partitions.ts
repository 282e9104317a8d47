import { setHandler } from '@temporalio/workflow';
import type { PrepareResult } from '../../activities/activity-messages.js';
import { addTallies, emptyTally, type Tally } from '../../domain/tally.js';
import { BlockedProbes } from './blocked-probes.js';
import type { ControlDesk } from './operator-desk.js';
import { standingSignal } from '../operator-messages.js';
import type { MigrationInput } from '../messages.js';
import { PartitionFleet } from './partition-fleet.js';
import type { RootView } from './root-view.js';
import { runWindow } from '../run-window.js';
import { startPartition } from './start-partition.js';

/** What {@link runPartitions} works with. `onFailure` is called at once when a partition has failed. */
export interface PartitionsRun {
  readonly input: MigrationInput;
  readonly prepared: PrepareResult;
  readonly desk: ControlDesk;
  readonly view: Pick<RootView, 'paused'>;
  readonly onFailure: (failure: unknown) => void;
}

/**
 * Runs all partitions of a round through a window of `slicesInFlight` and gives the sum of their tallies. When fewer are left, each is told to
 * run several slices at once; one of which all that is left is blocked gives its place to others until it is released. The first
 * partition that fails ends it: the others are cancelled, and it rejects with that failure when all have closed.
 */
export async function runPartitions({ input, prepared, desk, view, onFailure }: PartitionsRun): Promise<Tally> {
  const { partitions } = prepared.layout;
  const showPause = (): void => view.paused(desk.control.pause === 'none' ? undefined : fleet.isIdle);
  const fleet = new PartitionFleet(partitions, desk.control.slicesInFlight, showPause);
  const probes = new BlockedProbes({ control: input.control, round: input.round }, (what) => fleet.release(what));
  let next = 0;
  let tally = emptyTally;

  setHandler(
    standingSignal,
    (standing) => {
      for (const what of fleet.standing(standing)) probes.watch(what);
    },
    { description: 'Sent by a partition of which nothing runs. Nothing to send by hand.' },
  );
  const obey = (): void => fleet.control(desk.control.slicesInFlight, desk.partitionPause);
  desk.listen({
    changed: (_control, released) => {
      obey();
      if (!released) return;
      probes.stop();
      fleet.release();
    },
  });
  obey();

  try {
    await runWindow<number>(
      {
        take: () => (canBegin() ? next++ : undefined),
        ready: canBegin,
        waiting: () => next < partitions,
        width: () => fleet.width,
        run: runPartition,
      },
      onFailure,
    );
    return tally;
  } finally {
    probes.stop();
  }

  function canBegin(): boolean {
    return next < partitions && fleet.takesMore;
  }

  async function runPartition(number: number): Promise<void> {
    try {
      const handle = await startPartition(input, prepared, number, fleet.begin(number));
      fleet.started(number, handle);
      const result = await handle.result();
      tally = addTallies(tally, result.tally);
    } finally {
      fleet.ended(number);
    }
    desk.judge(tally);
  }
}
