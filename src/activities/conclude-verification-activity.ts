import { Context } from '@temporalio/activity';
import { refuseIfSuperseded } from '../control/owner.js';
import { toFailure } from '../domain/failure.js';
import { concludeVerification } from '../pipeline/verify/conclude-verification.js';
import type { ActivityDependencies } from './activity-dependencies.js';
import type { Activities } from './activity-messages.js';
import { startBeating } from './beating.js';
import { interruptionOf } from './interruption.js';
import { toApplicationFailure } from './to-application-failure.js';

/**
 * Makes the activity `concludeVerification`: heartbeats with how far it has come, cancellation and the mapping of
 * failures around the pipeline's function.
 */
export function createConcludeVerification(
  deps: Pick<ActivityDependencies, 'openMigration' | 'redact'>,
): Activities['concludeVerification'] {
  return async ({ control, round, epoch }) => {
    const context = Context.current();
    const { cancellationSignal: signal } = context;
    const beating = startBeating(context, undefined);
    try {
      const { resources } = await deps.openMigration(control, round, signal);
      await refuseIfSuperseded(resources, epoch, signal);
      await concludeVerification({ ...resources, signal, progress: (progress) => beating.set(progress) });
    } catch (error) {
      beating.now();
      if (signal.aborted) throw interruptionOf(context);
      throw toApplicationFailure(toFailure(error), { stage: 'finishing', redact: deps.redact });
    } finally {
      beating.stop();
    }
  };
}
