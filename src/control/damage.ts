import { Failure } from '../domain/failure.js';
import { controlFormat } from '../domain/stored/migration-record.js';

/** Returns the failure for a control object that is not what its key says. */
export function damaged(key: string, reason: string, cause?: unknown): Failure {
  return new Failure('LedgerMismatch', `${key} in the control bucket is damaged: ${reason}`, { cause });
}

/** Fails with `FormatTooNew` where a newer Longhaul wrote a control object. */
export function refuseNewerFormat(key: string, format: number): void {
  if (format <= controlFormat) return;
  throw new Failure(
    'FormatTooNew',
    `${key} in the control bucket has format ${String(format)}, ` +
      `and this version of Longhaul reads up to ${String(controlFormat)}`,
  );
}
