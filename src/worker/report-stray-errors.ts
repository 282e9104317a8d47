import type { EventEmitter } from 'node:events';
import type { Logger } from 'pino';

/**
 * Puts into the log what Node would print by itself: warnings, and errors that nobody has handled. A rejection that
 * nobody handles is a defect, but leaves no code half done: the process continues, instead of taking all its slices
 * down with it. After an exception that nobody catches nothing can be relied on: `end` is called with its message,
 * once.
 */
export function reportStrayErrors(options: {
  readonly process: Pick<EventEmitter, 'on' | 'once' | 'removeAllListeners'>;
  readonly log: Logger;
  readonly end: (message: string) => void;
}): void {
  const { process, log, end } = options;
  // Node's own listener prints a warning as plain text, between lines of JSON.
  process.removeAllListeners('warning');
  process.on('warning', (warning: Error) => log.warn({ warning: warning.name }, warning.message));
  process.on('unhandledRejection', (reason: unknown) =>
    log.error({ err: reason }, 'a rejection was not handled; this is a defect, please report it'),
  );
  process.once('uncaughtException', (error: unknown) => {
    log.fatal({ err: error }, 'an exception was not caught; this process ends');
    end(error instanceof Error ? error.message : String(error));
  });
}
