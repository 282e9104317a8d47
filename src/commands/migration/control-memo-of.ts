import type { Definition } from '../../domain/definition.js';
import type { ControlMemo } from '../../workflows/messages.js';
import type { RootDescription } from '../ports/temporal-port.js';

/** Returns where a migration keeps its control objects, and its accounts, as its root holds them in its memo. */
export function controlMemoOf({ target: { control, endpoint }, accounts }: Definition): ControlMemo {
  const names = Object.keys(accounts);
  return {
    ...{ bucket: control.bucket, prefix: control.prefix, endpoint: endpoint ?? null },
    ...(names.length <= accountsMax && { accounts: names }),
  };
}

// A memo is small; nobody tunes more accounts than that one by one.
const accountsMax = 100;

/**
 * Tells whether a root run belongs to the migration of a definition, rather than to one of the same name with another
 * control prefix. A root that does not say where its control prefix is counts as the same.
 */
export function isRootOf({ control }: Pick<RootDescription, 'control'>, definition: Definition): boolean {
  if (control === null) return true;
  const { bucket, prefix, endpoint } = controlMemoOf(definition);
  return control.bucket === bucket && control.prefix === prefix && control.endpoint === endpoint;
}

/** Describes a control prefix: `s3://archive/.longhaul`, followed by the server unless it is AWS. */
export function controlText({ bucket, prefix, endpoint }: ControlMemo): string {
  return `s3://${bucket}/${prefix}${endpoint === null ? '' : ` at ${endpoint}`}`;
}
