import type { WorkUnit } from '../data/work-list.js';
import type { Stores } from '../servers/start-stores.js';

/** A program that is measured: a row of the table. */
export interface Row {
  readonly name: string;
  /** As the table names it. */
  readonly title: string;
  /** What it is in the comparison. */
  readonly kind: 'longhaul' | 'baseline' | 'reference';
  /** The most units that it moves; a longer list is cut, and the table says so. For programs that would take hours. */
  readonly unitsMax?: number;
  /** Roughly how long a unit takes on two quiet cores at 30 ms a request, to say how long a whole run will take. */
  readonly secondsPerUnit: number;
  /** What somebody has to write and maintain: files whose lines are counted. */
  readonly files: readonly string[];
  /** What it leaves behind. */
  readonly result: 'objects' | 'copies' | 'nothing';
  /** Units of the run that is killed at half, if it makes sense to kill it. */
  readonly killedUnits?: number;
  /** Makes what it needs, such as a build. Throws `NotRun` if it cannot. */
  readonly prepare: (bench: Bench) => Promise<Prepared>;
}

/** What does not change from run to run. */
export interface Bench {
  readonly cacheDir: string;
  readonly log: (line: string) => void;
}

/** A row that is ready to run. */
export interface Prepared {
  /** Packages and programs that have to be installed for it, including all that these need. */
  readonly dependencies: number;
  /**
   * Moves the units. After a kill it is called once more, with the same folder. What comes after `done` counts as CPU
   * time only.
   */
  readonly run: (scene: Scene) => Promise<void>;
}

/** One run: where everything is. */
export interface Scene {
  readonly units: readonly WorkUnit[];
  readonly unitsPath: string;
  readonly contentsPath: string;
  readonly stores: Stores;
  /** A folder of its own. */
  readonly folder: string;
  /** For its processes: where the stores are, and the name of the group. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly latencyMs: number;
  /** Ends a phase of the run, which is shown separately. */
  readonly phase: (name: string) => void;
  /** To be called when the last object is there, if the program still has to be stopped. */
  readonly done: () => void;
}

/** Why a row cannot run on this machine. */
export class NotRun extends Error {
  override readonly name = 'NotRun';
}
