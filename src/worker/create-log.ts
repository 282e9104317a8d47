import { Writable } from 'node:stream';
import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Redact } from '../activities/redact-secrets.js';

/** Makes the log of a process: to standard error, one JSON document or one readable line an entry, without secrets. */
export function createLog(options: {
  readonly format: 'json' | 'pretty';
  readonly redact: Redact;
  readonly fields: Readonly<Record<string, unknown>>;
}): Logger {
  // Redacted as text, last of all, so that no field and no error can slip past.
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
