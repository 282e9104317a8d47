import pLimit, { type LimitFunction } from 'p-limit';
import type { SliceDirectives, WantedSpeed } from '../activities/activity-dependencies.js';
import type { Directives, RequestCeilings } from '../domain/directives.js';
import { BytePace } from '../flow/byte-pace.js';
import type { LimitedProcess } from '../flow/process-resources.js';
import { RequestPace } from '../flow/request-pace.js';
import type { SliceControl } from '../pipeline/slice/slice-job.js';
import type { SpeedLimits } from '../telemetry/metrics/measure-process.js';

// Together with the time that a look takes, no unit begins later than 15 s after a pause.
const lookEveryMs = 10_000;

/** How many processes share a ceiling while it is not known: more than one machine has. */
const processesAssumed = 32;

/** The directives, and what they make of the process. */
export interface KeptDirectives extends SliceDirectives {
  /** Returns the limits of speed that each migration keeps to now. */
  readonly limits: () => readonly SpeedLimits[];
  /** Takes over the units in flight of the process, which have changed. */
  readonly adapt: () => void;
}

interface Watched {
  /** The directives that were last read; undefined until then. */
  directives: Directives | undefined;
  /** The newest revision that a partition knew when it scheduled a slice, and the epoch of its root. */
  revision: number;
  epoch: number;
  /** What the migration file asks for, as read by the slice that began last. */
  speed: WantedSpeed;
  readonly pace: BytePace;
  /** By account: one for each that the migration has used in this process. */
  readonly requestPaces: Map<string, RequestPace>;
  readonly units: LimitFunction;
  readonly look: () => void;
  /** Settled once the first attempt to read the directives has succeeded or failed. */
  firstLook: Promise<void>;
  slices: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Keeps the operator's directives of each migration that has a slice in this process. They are read every 10 s, and at
 * once when a slice begins whose partition knows newer ones. There are never more migrations than slices in the
 * process.
 */
export function createSliceDirectives({
  read,
  countProcesses,
  process,
  onProblem,
}: {
  readonly read: (name: string) => Promise<Directives | undefined>;
  /** Counts the worker processes that share the ceilings of accounts. */
  readonly countProcesses: () => Promise<number>;
  readonly process: Pick<LimitedProcess, 'units' | 'unitsInFlight'>;
  readonly onProblem: (name: string, error: unknown) => void;
}): KeptDirectives {
  const migrations = new Map<string, Watched>();
  let processes = processesAssumed;

  return {
    adapt,
    limits: () =>
      [...migrations].map(([migration, watched]) => ({
        migration,
        bytesPerSecond: watched.pace.rate(),
        requestsPerSecond: [...watched.requestPaces].map(([account, pace]) => ({
          ...{ account, limit: pace.rate(), waiting: pace.waiting },
        })),
      })),

    async watch({ name, speed, epoch, revision }) {
      const watched = migrations.get(name) ?? begin(name, speed);
      watched.slices += 1;
      watched.speed = speed;
      if (epoch > watched.epoch || (epoch === watched.epoch && revision > watched.revision)) {
        const isKnown = watched.directives !== undefined;
        Object.assign(watched, { epoch, revision });
        if (isKnown) watched.look();
      }
      adapt();
      await watched.firstLook;
      let stopped = false;
      return {
        control: controlOf(watched),
        pace: watched.pace,
        requestPace: (account) => requestPace(watched, account),
        units: (move) => watched.units(() => process.units(move)),
        stop: () => {
          if (stopped) return;
          stopped = true;
          watched.slices -= 1;
          if (watched.slices > 0) return;
          clearInterval(watched.timer);
          migrations.delete(name);
          adapt();
        },
      };
    },
  };

  function begin(name: string, speed: WantedSpeed): Watched {
    let looking: Promise<void> | undefined;
    let again = false;
    const look = (): void => {
      if (looking !== undefined) {
        again = true;
        return;
      }
      looking = lookOnce(name, watched)
        // What was last read stays in force.
        .catch((error: unknown) => onProblem(name, error))
        .finally(() => {
          looking = undefined;
          if (!again) return;
          again = false;
          look();
        });
    };
    const watched: Watched = {
      ...{ directives: undefined, revision: -1, epoch: -1, speed, look, slices: 0, firstLook: Promise.resolve() },
      pace: new BytePace(() => bytesPerSecond(watched)),
      requestPaces: new Map(),
      units: pLimit(process.unitsInFlight),
      timer: setInterval(look, lookEveryMs),
    };
    migrations.set(name, watched);
    look();
    watched.firstLook = looking ?? watched.firstLook;
    return watched;
  }

  async function lookOnce(name: string, watched: Watched): Promise<void> {
    watched.directives = await read(name);
    adapt();
    // Only those who share something need to know with how many.
    if (Object.keys(ceilings(watched)).length > 0) processes = await countProcesses();
  }

  function requestPace(watched: Watched, account: string): RequestPace {
    const pace =
      watched.requestPaces.get(account) ??
      new RequestPace(() => {
        const ceiling = ceilings(watched)[account];
        return typeof ceiling === 'number' ? ceiling / processes : undefined;
      });
    watched.requestPaces.set(account, pace);
    return pace;
  }

  /** Each migration has its own limit of units in flight; the process has the largest of them. */
  function adapt(): void {
    let widest = migrations.size === 0 ? process.unitsInFlight : 1;
    for (const watched of migrations.values()) {
      const wanted = unitsInFlight(watched) ?? process.unitsInFlight;
      watched.units.concurrency = wanted;
      widest = Math.max(widest, wanted);
    }
    process.units.concurrency = widest;
  }
}

function unitsInFlight({ directives, speed }: Watched): number | undefined {
  const wanted = directives?.unitsInFlight ?? speed.unitsInFlight;
  return wanted === 'auto' ? undefined : wanted;
}

function bytesPerSecond({ directives, speed }: Watched): number | undefined {
  return directives?.bytesPerSecond ?? (speed.bytesPerSecond === 'unlimited' ? undefined : speed.bytesPerSecond);
}

function ceilings({ directives, speed }: Watched): RequestCeilings {
  return { ...speed.requestsPerSecond, ...directives?.requestsPerSecond };
}

function controlOf(watched: Watched): SliceControl {
  return {
    // A partition that drains schedules no slice, so directives older than what it knew are out of date.
    get draining() {
      const { directives, revision } = watched;
      return directives !== undefined && directives.revision >= revision && directives.draining;
    },
    get unitsInFlight() {
      return unitsInFlight(watched);
    },
  };
}
