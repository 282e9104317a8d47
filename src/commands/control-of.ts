import type { Definition } from '../domain/definition.js';
import type { ControlMemo } from '../workflows/messages.js';
import type { RootDescription } from './ports/temporal-port.js';

/** Gives where the control objects of a migration lie, as its root keeps it in its memo. */
export function controlOf({ target: { control, endpoint } }: Definition): ControlMemo {
  return { bucket: control.bucket, prefix: control.prefix, endpoint: endpoint ?? null };
}

/**
 * Tells whether a root run belongs to the migration of a definition, and not to one of the same name that lies elsewhere. A root that
 * does not say where it lies is taken at its name.
 */
export function isRootOf({ control }: Pick<RootDescription, 'control'>, definition: Definition): boolean {
  if (control === null) return true;
  const { bucket, prefix, endpoint } = controlOf(definition);
  return control.bucket === bucket && control.prefix === prefix && control.endpoint === endpoint;
}

/** Says where control objects lie: `s3://archive/.longhaul`, with the server where it is not AWS. */
export function controlText({ bucket, prefix, endpoint }: ControlMemo): string {
  return `s3://${bucket}/${prefix}${endpoint === null ? '' : ` at ${endpoint}`}`;
}
