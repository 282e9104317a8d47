import { Context } from '@temporalio/activity';
import { toFailure } from '../domain/failure.js';
import { startBeating } from './beating.js';
import { interruptionOf } from './interruption.js';
import { toApplicationFailure, type FailureOptions } from './to-application-failure.js';

/**
 * Runs the work of a control activity: sends heartbeats while it runs, reports why it was interrupted, and maps
 * failures.
 */
export async function runControlActivity<T>(
  work: (context: Context) => Promise<T>,
  failureOptions: (context: Context) => FailureOptions,
): Promise<T> {
  const context = Context.current();
  const { cancellationSignal: signal } = context;
  const beating = startBeating(context, undefined);
  try {
    return await work(context);
  } catch (error) {
    if (signal.aborted) throw interruptionOf(context);
    throw toApplicationFailure(toFailure(error), failureOptions(context));
  } finally {
    beating.stop();
  }
}
