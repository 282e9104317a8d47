import { Context } from '@temporalio/activity';
import { toFailure } from '../domain/failure.js';
import { startBeating } from './beating.js';
import { toApplicationFailure, type FailureOptions } from './to-application-failure.js';

/** Runs the work of a control activity: beats while it runs, rethrows the reason of a cancel, and maps failures. */
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
    if (signal.aborted) throw signal.reason;
    throw toApplicationFailure(toFailure(error), failureOptions(context));
  } finally {
    beating.stop();
  }
}
