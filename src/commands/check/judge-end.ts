import type { Probe } from '../../domain/probe.js';

/** Warns of a credential that may end before the migration. What has failed already stays as it is. */
export function judgeEnd(
  probe: Probe,
  { nowMs, neededMs }: { readonly nowMs: number; readonly neededMs: number },
): Probe {
  const { endsAt, verdict, message } = probe;
  if (endsAt === undefined || verdict === 'failed' || Date.parse(endsAt) >= nowMs + neededMs) return probe;
  const until = new Date(nowMs + neededMs).toISOString().slice(0, 16);
  const fix =
    `use one that is valid until ${until}Z, or renew it before it ends: workers read it again from its file ` +
    'when it is refused';
  return { ...probe, verdict: 'warning', message: `${message}, perhaps before the migration has ended`, fix };
}
