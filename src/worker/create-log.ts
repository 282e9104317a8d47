import { Writable } from 'node:stream';
import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Redact } from '../domain/text/redact-secrets.js';

/**
 * Makes the log of a process: to standard error, each entry as one JSON document or as one readable line, without
 * secrets.
 */
export function createLog(options: {
  readonly format: 'json' | 'pretty';
  readonly redact: Redact;
  readonly fields: Readonly<Record<string, unknown>>;
}): Logger {
  // Redacted last, as text, so that no field and no error is missed.
  const output = new Writable({
    decodeStrings: false,
    write: (line: string | Buffer, _encoding, done) => {
      process.stderr.write(options.redact(line.toString()));
      done();
    },
  });
  const destination =
    options.format === 'json'
      ? output
      : pretty({ destination: output, colorize: process.stderr.isTTY, ignore: 'pid,hostname', sync: true });
  const serializers = { error: pino.stdSerializers.err };
  return pino(
    { serializers, base: { pid: process.pid, ...options.fields }, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  );
}
