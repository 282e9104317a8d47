import { describe, expect, test } from 'vitest';
import type { PartitionDirectives } from '../../../../src/domain/directives.js';
import { initialRoot, type RootState } from '../../../../src/workflows/migration/root-state.js';
import { stepRoot, type RootCommand, type RootEvent } from '../../../../src/workflows/migration/step-root.js';
import { tallyOf } from '../../../support/fakes/tally-of.js';

const running: PartitionDirectives = { revision: 0, pause: 'none', retry: 0 };
const paused: PartitionDirectives = { revision: 1, pause: 'drain', retry: 0 };
const failure = { class: 'Superseded', message: 'taken over' } as const;

/** A migration of some partitions that takes events. */
class Bench {
  state: RootState;
  commands: readonly RootCommand[] = [];

  constructor(partitions: number) {
    this.state = initialRoot(partitions, running);
    this.take({ kind: 'begun' });
  }

  take(event: RootEvent): this {
    [this.state, this.commands] = stepRoot(this.state, event);
    return this;
  }

  get kinds(): readonly string[] {
    return this.commands.map(({ kind }) => kind);
  }

  get started(): readonly number[] {
    return this.commands.flatMap((command) => (command.kind === 'start' ? [command.partition] : []));
  }
}

describe('a migration', () => {
  test('opens all its partitions, a few dozen at a time', () => {
    const bench = new Bench(60);
    expect(bench.started).toHaveLength(25);
    expect(bench.take({ kind: 'started', partition: 3 }).started).toEqual([25]);
    expect(bench.take({ kind: 'completed', partition: 3, tally: tallyOf(1) }).started).toEqual([]);
  });

  test('tells those that are open at once, and once more those that were starting with older directives', () => {
    const bench = new Bench(3);
    bench.take({ kind: 'started', partition: 0 });
    expect(bench.take({ kind: 'directives', directives: paused }).commands).toEqual([
      { kind: 'tell', directives: paused },
    ]);
    expect(bench.take({ kind: 'started', partition: 1 }).kinds).toEqual([]);
    // The third must be told as well: together with the second, once it has started.
    expect(bench.take({ kind: 'told' }).kinds).toEqual([]);
    expect(bench.take({ kind: 'started', partition: 2 }).kinds).toEqual(['tell']);
    expect(bench.take({ kind: 'told' }).kinds).toEqual([]);
  });

  test('starts partitions with the newest directives, and tells them nothing then', () => {
    const late = new Bench(30).take({ kind: 'directives', directives: paused }).take({ kind: 'started', partition: 0 });
    expect(late.commands).toContainEqual({ kind: 'start', partition: 25, directives: paused });
  });

  test('tells directives that have changed meanwhile when those before have been told', () => {
    const bench = new Bench(1).take({ kind: 'started', partition: 0 });
    expect(bench.take({ kind: 'directives', directives: paused }).kinds).toEqual(['tell']);
    const resumed = { revision: 2, pause: 'none', retry: 1 } as const;
    expect(bench.take({ kind: 'directives', directives: resumed }).kinds).toEqual([]);
    expect(bench.take({ kind: 'told' }).commands).toEqual([{ kind: 'tell', directives: resumed }]);
  });

  test('waits once for all partitions of an earlier run, and starts none meanwhile', () => {
    const bench = new Bench(30);
    expect(bench.take({ kind: 'occupied', partition: 4 }).commands).toEqual([{ kind: 'await-vacancy', partition: 4 }]);
    expect(bench.take({ kind: 'occupied', partition: 5 }).kinds).toEqual([]);
    expect(bench.take({ kind: 'started', partition: 0 }).kinds).toEqual([]);
    expect(bench.take({ kind: 'vacated' }).started).toEqual([4, 5, 25]);
  });

  test('ends with the sum of all tallies', () => {
    const bench = new Bench(2);
    bench.take({ kind: 'completed', partition: 1, tally: tallyOf(3) });
    expect(bench.take({ kind: 'completed', partition: 0, tally: tallyOf(4) }).commands).toEqual([
      { kind: 'end', as: 'complete' },
    ]);
    expect(bench.state.tally).toEqual(tallyOf(7));
  });

  test('ends with the first failure, when no partition is open any more', () => {
    const bench = new Bench(3);
    expect(bench.take({ kind: 'failed', partition: 1, failure }).commands).toEqual([{ kind: 'cancel-partitions' }]);
    const echo = { class: 'Unexpected', message: 'cancelled' } as const;
    expect(bench.take({ kind: 'failed', partition: 0, failure: echo }).kinds).toEqual([]);
    expect(bench.take({ kind: 'failed', partition: 2, failure: echo }).commands).toEqual([
      { kind: 'end', as: failure },
    ]);
  });

  test('ends as cancelled, and starts and tells nothing more', () => {
    const bench = new Bench(30).take({ kind: 'started', partition: 0 });
    expect(bench.take({ kind: 'cancelled' }).kinds).toEqual(['cancel-partitions']);
    expect(bench.take({ kind: 'directives', directives: paused }).kinds).toEqual([]);
    for (let partition = 0; partition < 26; partition += 1) bench.take({ kind: 'failed', partition, failure });
    expect(bench.commands).toEqual([{ kind: 'end', as: 'cancelled' }]);
  });
});
