import type { Probe } from '../../domain/probe.js';
import type { Redact } from '../../domain/text/redact-secrets.js';

/** Removes secrets from what probes say, before it goes into a history. */
export function redactProbes(probes: readonly Probe[], redact: Redact): readonly Probe[] {
  return probes.map((probe) => ({
    ...probe,
    message: redact(probe.message),
    ...(probe.fix !== undefined && { fix: redact(probe.fix) }),
  }));
}
