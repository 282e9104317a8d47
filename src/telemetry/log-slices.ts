import { toFailure } from '../domain/failure.js';
import { partitionId, sliceId } from '../domain/ids.js';
import type { WatchSlice } from './watched-move-slice.js';

/** Where lines go; a pino logger is one. */
export interface SliceLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/**
 * Logs what becomes of slices: how each attempt ended, each unit that fails, and what units begin to wait for. Every
 * line has the migration, round, partition and slice as fields, and that of a unit its id. Tries that are repeated have
 * no line of their own: while an account is away there are many, and all say the same.
 */
export function logSlices(log: SliceLog): WatchSlice {
  return ({ task, resources }) => {
    const startedMs = performance.now();
    const slice = {
      migration: resources.record.name,
      round: task.round,
      partition: partitionId(task.partition),
      slice: sliceId(task.slice),
    };
    /** What units of this attempt wait for: at most one for each class and account. */
    const waits = new Set<string>();

    return {
      tried: () => undefined,
      recorded: ({ id, state, class: failureClass, blob, message = '' }) => {
        if (state !== 'failed') return;
        log.warn(
          { ...slice, unit: id, class: failureClass, ...(blob !== undefined && { blob }) },
          `failed: ${message}`,
        );
      },
      beat: ({ waitsFor, waiting = [], deferred }) => {
        const all = waitsFor === undefined ? waiting : [{ ...waitsFor, units: deferred }, ...waiting];
        for (const { what, class: failureClass, message, units } of all) {
          const key = `${failureClass} ${what}`;
          if (waits.has(key)) continue;
          waits.add(key);
          log.warn({ ...slice, what, class: failureClass, units }, `units wait for ${what}: ${message}`);
        }
      },
      ended: (end) => {
        const seconds = Math.round(performance.now() - startedMs) / 1_000;
        if ('result' in end) {
          const { state, tally } = end.result;
          log.info({ ...slice, state, ...tally.units, seconds }, `slice ${state}`);
        } else if (!end.aborted) {
          const { failureClass, message } = toFailure(end.error);
          log.warn({ ...slice, class: failureClass, seconds }, `slice failed: ${message}`);
        } else {
          log.info({ ...slice, state: 'aborted', seconds }, 'slice aborted');
        }
      },
    };
  };
}
