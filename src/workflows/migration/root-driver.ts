import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { CancellationScope, isCancellation, log, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities, PrepareResult } from '../../activities/activity-messages.js';
import { awaitVacancyOptions, tellPartitionsOptions } from '../activity-options.js';
import type { MigrationFailure, MigrationInput } from '../messages.js';
import type { PartitionDirectives } from '../../domain/directives.js';
import { toMigrationFailure } from '../to-migration-failure.js';
import { initialRoot, type RootState } from './root-state.js';
import { startPartition } from './start-partition.js';
import { stepRoot, type RootCommand, type RootEvent } from './step-root.js';

/** Called when the tally has grown, and when a partition has failed. */
export interface RootListener {
  completed(tally: RootState['tally']): void;
  failed(failure: MigrationFailure): void;
}

/** Carries out the commands of `stepRoot` with child workflows and activities, and feeds it what happens. */
export class RootDriver {
  /** The scope of all partitions. */
  readonly #scope = new CancellationScope();
  #state: RootState;
  #end: Extract<RootCommand, { kind: 'end' }>['as'] | undefined;

  constructor(
    readonly input: MigrationInput,
    readonly prepared: PrepareResult,
    directives: PartitionDirectives,
    readonly listener: RootListener,
  ) {
    this.#state = initialRoot(prepared.layout.partitions, directives);
  }

  get state(): RootState {
    return this.#state;
  }

  /** How the migration has ended; undefined while it runs. */
  get end() {
    return this.#end;
  }

  take(event: RootEvent): void {
    if (this.#end !== undefined) return;
    const wasEnding = this.#state.ending !== undefined;
    const [state, commands] = stepRoot(this.#state, event);
    this.#state = state;
    if (event.kind === 'completed') this.listener.completed(state.tally);
    if (!wasEnding && typeof state.ending === 'object') this.listener.failed(state.ending);
    for (const command of commands) this.#carryOut(command);
  }

  #carryOut(command: RootCommand): void {
    switch (command.kind) {
      case 'start':
        void this.#runPartition(command.partition, command.directives);
        break;
      case 'await-vacancy':
        void this.#awaitVacancy(command.partition);
        break;
      case 'tell':
        void this.#tell(command.directives);
        break;
      case 'cancel-partitions':
        this.#scope.cancel();
        break;
      case 'end':
        this.#end = command.as;
        break;
    }
  }

  async #runPartition(partition: number, directives: PartitionDirectives): Promise<void> {
    try {
      await this.#scope.run(async () => {
        const handle = await startPartition(this.input, this.prepared, partition, directives);
        this.take({ kind: 'started', partition });
        const { tally } = await handle.result();
        this.take({ kind: 'completed', partition, tally });
      });
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) this.take({ kind: 'occupied', partition });
      else this.take({ kind: 'failed', partition, failure: toMigrationFailure(error) });
    }
  }

  async #awaitVacancy(partition: number): Promise<void> {
    const { control, round } = this.input;
    const { awaitVacancy } = proxyActivities<Pick<Activities, 'awaitVacancy'>>(
      awaitVacancyOptions(workflowInfo().taskQueue),
    );
    try {
      await this.#scope.run(() => awaitVacancy({ name: control.name, round, partition }));
      this.take({ kind: 'vacated' });
    } catch (error) {
      this.take({ kind: 'given-up', failure: toMigrationFailure(error) });
    }
  }

  async #tell(directives: PartitionDirectives): Promise<void> {
    const { tellPartitions } = proxyActivities<Pick<Activities, 'tellPartitions'>>(
      tellPartitionsOptions(workflowInfo().taskQueue),
    );
    try {
      await this.#scope.run(() => tellPartitions({ directives }));
      this.take({ kind: 'told' });
    } catch (error) {
      // After a cancel nobody needs to be told. Apart from that, the activity is retried until it succeeds.
      if (!isCancellation(error)) log.warn('the partitions could not be told the directives', { error });
    }
  }
}
