import type { SliceControls, WantedSpeed } from '../activities/activity-dependencies.js';
import { BytePace } from '../flow/byte-pace.js';
import type { SliceControl } from '../pipeline/slice/slice-job.js';
import type { LimitedProcess } from '../flow/process-resources.js';
import type { RootControl } from '../workflows/operator-messages.js';

// With the time that one look takes, no unit begins later than 15 s after a pause.
const lookEveryMs = 10_000;

interface Watched {
  wanted: RootControl | undefined;
  /** What the migration file asks for, as of the slice that began last. */
  speed: WantedSpeed;
  readonly pace: BytePace;
  slices: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Keeps what operators want of the migrations that this process moves slices of: one look every 10 s at each, while it has a slice here. There
 * are at most as many as slices run in the process. Units in flight are for the whole process: the most that any of them wants.
 */
export function createSliceControls(
  read: (name: string) => Promise<RootControl | undefined>,
  process: Pick<LimitedProcess, 'units' | 'unitsInFlight'>,
  onProblem: (name: string, error: unknown) => void,
): SliceControls {
  const migrations = new Map<string, Watched>();

  return {
    watch(name, speed) {
      const watched = migrations.get(name) ?? begin(name, speed);
      watched.slices += 1;
      watched.speed = speed;
      let stopped = false;
      return {
        control: controlOf(watched),
        pace: watched.pace,
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
    let looking = false;
    const look = (): void => {
      if (looking) return;
      looking = true;
      read(name)
        .then(
          (wanted) => {
            watched.wanted = wanted;
            adapt();
          },
          // What was wanted last still holds.
          (error: unknown) => onProblem(name, error),
        )
        .finally(() => (looking = false));
    };
    const watched: Watched = {
      ...{ wanted: undefined, speed, slices: 0 },
      pace: new BytePace(() => bytesPerSecondWanted(watched)),
      timer: setInterval(look, lookEveryMs),
    };
    migrations.set(name, watched);
    look();
    adapt();
    return watched;
  }

  function adapt(): void {
    const wanted = [...migrations.values()].map(unitsWanted).filter((units) => units !== undefined);
    process.units.concurrency = wanted.length === 0 ? process.unitsInFlight : Math.max(...wanted);
  }
}

function unitsWanted({ wanted, speed }: Watched): number | undefined {
  return wanted?.unitsInFlight ?? (speed.unitsInFlight === 'auto' ? undefined : speed.unitsInFlight);
}

function bytesPerSecondWanted({ wanted, speed }: Watched): number | undefined {
  return wanted?.bytesPerSecond ?? (speed.bytesPerSecond === 'unlimited' ? undefined : speed.bytesPerSecond);
}

function controlOf(watched: Watched): SliceControl {
  return {
    get draining() {
      return watched.wanted?.draining === true;
    },
    get unitsInFlight() {
      return unitsWanted(watched);
    },
  };
}
