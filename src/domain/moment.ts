/** What is going on in a migration at the moment. It changes too often to be worth an event in a history. */
export interface Moment {
  readonly work: Work;
  /** The units that have been in flight longest. */
  readonly moving: readonly MovingUnit[];
  /** Stores that get fewer requests than the workers could make, because they have asked for that. */
  readonly throttled: readonly Throttled[];
  /** The credentials that end first, of those whose end is known. */
  readonly credentials: readonly CredentialEnd[];
}

/** Who works on a migration. */
export interface Work {
  /** Worker processes that run slices. */
  readonly processes: number;
  /** Slices that run. */
  readonly slices: number;
  /** Units in flight, and how many there may be in these processes. */
  readonly units: number;
  readonly unitsMax: number;
}

/** A unit in flight. */
export interface MovingUnit {
  /** Its id, perhaps without its end. */
  readonly unit: string;
  /** Compressed bytes read so far in this try. A blob that is read again counts again. */
  readonly bytes: number;
  /** Compressed bytes of its blobs; null until these are found. */
  readonly of: number | null;
  /** When this try began, ISO 8601 UTC. */
  readonly since: string;
}

/** A store that has asked for fewer requests. */
export interface Throttled {
  /** `account east`, `target archive` */
  readonly what: string;
  /** Requests a second that one process allows itself; of several processes, the slowest. */
  readonly perSecond: number;
  /** ISO 8601 UTC. */
  readonly since: string;
}

/** A credential and when it ends. */
export interface CredentialEnd {
  /** `account east`, `target archive` */
  readonly what: string;
  /** ISO 8601 UTC. */
  readonly endsAt: string;
}

/** A heartbeat names at most this many of each, so that it stays small. */
export const shownMax = { moving: 5, throttled: 4, credentials: 4 } as const;
