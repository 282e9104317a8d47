/**
 * The unit that may have killed earlier attempts, as the claims of careful mode name it: it is moved first, and alone
 * in its process.
 */
export interface Suspect {
  readonly index: number;
  /**
   * Attempts in a row that died while it moved alone in its process, without a receipt or a durable part; up to {@link
   * parkedAfterDeaths}.
   */
  readonly deaths: number;
  /** Nobody saw some of these processes die: they may only have been cut off. */
  readonly unseen?: true;
  /** Present while the unit is being moved: how many durable parts its checkpoint had before. */
  readonly partsBefore?: number;
  /** Present while nothing else moves in the process: a death is this unit's. */
  readonly alone?: true;
}

/** How much care an attempt at a slice takes, according to how earlier attempts ended. */
export interface Care {
  /** Attempts in a row that died without a receipt or a durable part; counted up to {@link carefulAfterDeaths}. */
  readonly deaths: number;
  readonly suspect?: Suspect;
}

/** How an attempt ended, as far as its ledger and the checkpoint of its suspect show. */
export interface AttemptEnd {
  /** What its last claim says. */
  readonly care: Care;
  /**
   * It did not die: it said so itself (shut down, paused, out of time, blocked, by an error), or its process is alive.
   */
  readonly inOrder: boolean;
  /** Somebody saw its process die. */
  readonly seen: boolean;
  /** It left a receipt or a durable part. */
  readonly progress: boolean;
}

/** After this many deaths in a row, an attempt moves one unit at a time. */
const carefulAfterDeaths = 2;

/** A unit that was alone in this many attempts that died is parked, so that the others continue. */
export const parkedAfterDeaths = 3;

/** The care of an attempt when nothing calls for any. */
export const noCare: Care = { deaths: 0 };

/**
 * Returns the care that the next attempt takes: only deaths without progress count, and an attempt that ended cleanly
 * changes nothing. A suspect that is parked stays so, whatever becomes of the others.
 */
export function careAfter({ care, inOrder, seen, progress }: AttemptEnd): Care {
  const { deaths, suspect } = care;
  const wasMoving = suspect?.partsBefore !== undefined;
  const isParked = suspect !== undefined && isPoison(suspect);
  if (inOrder && progress && !isParked) return noCare;
  if (inOrder) return { deaths, ...(suspect && { suspect: unbegun(suspect) }) };
  // A death under a suspect says more than a receipt before it: the suspect is now moved first, and its deaths count
  // from here.
  if (progress) return wasMoving ? { deaths, suspect: { index: suspect.index, deaths: 0 } } : noCare;
  return {
    deaths: Math.min(deaths + 1, carefulAfterDeaths),
    ...(suspect && { suspect: suspect.alone === true ? dead(suspect, seen) : unbegun(suspect) }),
  };
}

/** Reports whether units are moved one at a time. */
export function isCareful({ deaths }: Care): boolean {
  return deaths >= carefulAfterDeaths;
}

/** Reports whether a suspect was alone in enough deaths to be parked. */
export function isPoison({ deaths }: Suspect): boolean {
  return deaths >= parkedAfterDeaths;
}

function unbegun({ index, deaths, unseen }: Suspect): Suspect {
  return { index, deaths, ...(unseen && { unseen }) };
}

function dead({ index, deaths, unseen }: Suspect, seen: boolean): Suspect {
  const doubtful = unseen === true || !seen;
  return { index, deaths: Math.min(deaths + 1, parkedAfterDeaths), ...(doubtful && { unseen: true }) };
}
