/**
 * The unit that may have killed the attempts before, as the claims of careful mode name it: it is moved first, alone in its process.
 */
export interface Suspect {
  readonly index: number;
  /** Attempts in a row that died while it was moved alone, without a receipt or a durable part; counted up to {@link parkedAfterDeaths}. */
  readonly deaths: number;
  /** There while it is being moved: how many durable parts its checkpoint had before. */
  readonly partsBefore?: number;
}

/** How much care an attempt at a slice takes, as the attempts before it have ended. */
export interface Care {
  /** Attempts in a row that died without a receipt or a durable part; counted up to {@link carefulAfterDeaths}. */
  readonly deaths: number;
  readonly suspect?: Suspect;
}

/** How an attempt has ended, as far as its ledger and the checkpoint of its suspect tell. */
export interface AttemptEnd {
  /** What its last claim says. */
  readonly care: Care;
  /** It said so itself: shut down, paused, out of time, blocked or by an error, but not dead. */
  readonly inOrder: boolean;
  /** It has left a receipt or a durable part. */
  readonly progress: boolean;
}

/** After so many deaths in a row an attempt moves one unit at a time. */
const carefulAfterDeaths = 2;

/** A unit that was alone in so many attempts that died is parked: it fails, and the others go on. */
export const parkedAfterDeaths = 3;

/** The care of an attempt that nothing speaks against. */
export const noCare: Care = { deaths: 0 };

/** Gives the care that the next attempt takes: only deaths without progress count, and what ended in order changes nothing. */
export function careAfter({ care, inOrder, progress }: AttemptEnd): Care {
  const { deaths, suspect } = care;
  const wasAlone = suspect?.partsBefore !== undefined;
  if (inOrder) return progress ? noCare : { deaths, ...(suspect && { suspect: unbegun(suspect) }) };
  // A death under a unit alone tells more than a receipt before it: it is moved first now, and its deaths count from here.
  if (progress) return wasAlone ? { deaths, suspect: { index: suspect.index, deaths: 0 } } : noCare;
  return {
    deaths: Math.min(deaths + 1, carefulAfterDeaths),
    ...(suspect && { suspect: unbegun(suspect, wasAlone ? 1 : 0) }),
  };
}

/** Tells whether units are moved one at a time. */
export function isCareful({ deaths }: Care): boolean {
  return deaths >= carefulAfterDeaths;
}

/** Tells whether a suspect was alone in so many deaths that it is parked. */
export function isPoison({ deaths }: Suspect): boolean {
  return deaths >= parkedAfterDeaths;
}

function unbegun({ index, deaths }: Suspect, more = 0): Suspect {
  return { index, deaths: Math.min(deaths + more, parkedAfterDeaths) };
}
