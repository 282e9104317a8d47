import pLimit, { type LimitFunction } from 'p-limit';
import type { SliceDirectives, WantedSpeed } from '../activities/activity-dependencies.js';
import type { Directives } from '../domain/directives.js';
import { BytePace } from '../flow/byte-pace.js';
import type { LimitedProcess } from '../flow/process-resources.js';
import type { SliceControl } from '../pipeline/slice/slice-job.js';

// With the time that one look takes, no unit begins later than 15 s after a pause.
const lookEveryMs = 10_000;

interface Watched {
  /** The newest directives that were read; undefined until then. */
  directives: Directives | undefined;
  /** The newest revision that a partition knew when it scheduled a slice, and the epoch of the root that made it. */
  revision: number;
  epoch: number;
  /** What the migration file asks for, as of the slice that began last. */
  speed: WantedSpeed;
  readonly pace: BytePace;
  readonly units: LimitFunction;
  readonly look: () => void;
  /** Over when the directives have been read once, or could not be. */
  firstLook: Promise<void>;
  slices: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Keeps the operators' directives for the migrations that this process moves slices of: one look at each every 10 s
 * while it has a slice here, and one at once when a slice begins whose partition knows newer ones. There are at most as
 * many as slices run in the process.
 */
export function createSliceDirectives(
  read: (name: string) => Promise<Directives | undefined>,
  process: Pick<LimitedProcess, 'units' | 'unitsInFlight'>,
  onProblem: (name: string, error: unknown) => void,
): SliceDirectives {
  const migrations = new Map<string, Watched>();

  return {
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
      looking = read(name)
        .then(
          (directives) => {
            watched.directives = directives;
            adapt();
          },
          // What was read last still holds.
          (error: unknown) => onProblem(name, error),
        )
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
      units: pLimit(process.unitsInFlight),
      timer: setInterval(look, lookEveryMs),
    };
    migrations.set(name, watched);
    look();
    watched.firstLook = looking ?? watched.firstLook;
    return watched;
  }

  /** Each migration has its own width; the process has that of the widest. */
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

function controlOf(watched: Watched): SliceControl {
  return {
    // A slice is scheduled only where its partition need not drain: directives from before that are out of date.
    get draining() {
      const { directives, revision } = watched;
      return directives !== undefined && directives.revision >= revision && directives.draining;
    },
    get unitsInFlight() {
      return unitsInFlight(watched);
    },
  };
}
