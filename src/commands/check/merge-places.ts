import type { Probe } from '../../domain/probe.js';
import type { PlacedProbe, ProbePlace } from './check-document.js';

/** Says where probes were made. */
export function placed(probes: readonly Probe[], ...from: readonly ProbePlace[]): readonly PlacedProbe[] {
  return probes.map((probe) => ({ ...probe, from }));
}

/** Merges the probes that were made here and on a worker: those with the same result become one. */
export function mergePlaces(here: readonly Probe[], worker: readonly Probe[]): readonly PlacedProbe[] {
  const isSame = (a: Probe, b: Probe): boolean =>
    a.id === b.id && a.verdict === b.verdict && withoutNames(a.message) === withoutNames(b.message);
  const shared = here.filter((probe) => worker.some((other) => isSame(probe, other)));
  const ofHere = here.flatMap((probe) => {
    const others = worker.filter((other) => other.id === probe.id && !isSame(probe, other));
    const from: readonly ProbePlace[] = shared.includes(probe) ? ['here', 'worker'] : ['here'];
    return [{ ...probe, from }, ...placed(others, 'worker')];
  });
  const ofWorker = worker.filter((other) => !here.some(({ id }) => id === other.id));
  return [...ofHere, ...placed(ofWorker, 'worker')];
}

/** The objects of each check have names of their own, and each request has an id. */
const withoutNames = (message: string): string =>
  message.replace(/(\d+-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '').replace(/ request \w+/, '');
