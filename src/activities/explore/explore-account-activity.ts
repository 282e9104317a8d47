import { Context } from '@temporalio/activity';
import { toFailure } from '../../domain/failure.js';
import { exploreAccount } from '../../explore/explore-account.js';
import type { ActivityDependencies } from '../activity-dependencies.js';
import type { Activities } from '../activity-messages.js';
import { startBeating } from '../beating.js';
import { exploreBeat, explorationOf } from './explore-beat.js';
import { interruptionOf } from '../interruption.js';
import { toApplicationFailure } from '../to-application-failure.js';

// This much listing is repeated if the worker is killed. The state has about 10 kB, at most about 300 kB.
const beatEveryMs = 3_000;
// Somebody is waiting: after a few minutes they should know why.
const attemptsMax = 10;

/** Makes the activity `exploreAccount`: heartbeats from which another worker continues, cancellation and failures. */
export function createExploreAccount(
  deps: Pick<ActivityDependencies, 'openExplored' | 'redact'>,
): Activities['exploreAccount'] {
  return async (request) => {
    const context = Context.current();
    const { info, cancellationSignal: signal } = context;
    const exploration = await explorationOf(info.heartbeatDetails);
    const beating = startBeating(context, await exploreBeat(exploration));
    const opened = deps.openExplored(request.account);
    let latest = Promise.resolve();
    let nextBeatMs = 0;
    const onStep = (): void => {
      if (Date.now() < nextBeatMs) return;
      nextBeatMs = Date.now() + beatEveryMs;
      latest = latest.then(async () => beating.set(await exploreBeat(exploration)));
    };
    try {
      return await exploreAccount(opened.source, request, { exploration, signal, onStep });
    } catch (error) {
      await latest;
      beating.set(await exploreBeat(exploration));
      beating.now();
      if (signal.aborted) throw interruptionOf(context);
      const lastAttempt = info.attempt >= attemptsMax;
      throw toApplicationFailure(toFailure(error), { stage: 'preparing', redact: deps.redact, lastAttempt });
    } finally {
      opened.close();
      beating.stop();
    }
  };
}
