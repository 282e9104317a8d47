import { Context } from '@temporalio/activity';
import { refuseIfSuperseded } from '../control/owner.js';
import { toFailure } from '../domain/failure.js';
import { pacedSource } from '../pipeline/source/paced-source.js';
import { findUnclaimed } from '../pipeline/unclaimed/find-unclaimed.js';
import type { ActivityDependencies, WatchedDirectives } from './activity-dependencies.js';
import type { Activities } from './activity-messages.js';
import { startBeating } from './beating.js';
import { interruptionOf } from './interruption.js';
import { requestCeilings } from './request-ceilings.js';
import { toApplicationFailure } from './to-application-failure.js';

/**
 * Makes the activity `findUnclaimed`: heartbeats with how far it has come, the paces of the migration, cancellation and
 * the mapping of failures around the pipeline's function.
 */
export function createFindUnclaimed(
  deps: Pick<ActivityDependencies, 'openMigration' | 'directives' | 'redact'>,
): Activities['findUnclaimed'] {
  return async ({ control, round, epoch }) => {
    const context = Context.current();
    const { cancellationSignal: signal } = context;
    const beating = startBeating(context, undefined);
    let watch: WatchedDirectives | undefined;
    try {
      const { resources } = await deps.openMigration(control, round, signal);
      await refuseIfSuperseded(resources, epoch, signal);
      const { speed, accounts } = resources.record.definition;
      const paced = { ...speed, requestsPerSecond: requestCeilings(accounts) };
      watch = await deps.directives.watch({ name: control.name, speed: paced, epoch, revision: 0 });
      const source = pacedSource(resources.source, watch);
      await findUnclaimed({ ...resources, source, signal, progress: (progress) => beating.set(progress) });
    } catch (error) {
      beating.now();
      if (signal.aborted) throw interruptionOf(context);
      throw toApplicationFailure(toFailure(error), { stage: 'finishing', redact: deps.redact });
    } finally {
      watch?.stop();
      beating.stop();
    }
  };
}
