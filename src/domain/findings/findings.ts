import type { SkippedBlob } from '../receipt.js';

/** Blobs about which the same was noticed: how many, how many bytes it concerns, and the names of the first few. */
export interface NotedBlobs {
  readonly blobs: number;
  readonly bytes: number;
  /** As `account/container/name`, at most {@link namedBlobsMax}. */
  readonly first: readonly string[];
}

/**
 * What was noticed while a unit's object was made from its blobs, for the receipt. Stays small however many blobs the
 * unit has.
 */
export interface Findings {
  /** Bad blobs that were skipped, at most {@link skippedBlobsMax}. */
  readonly skipped: readonly SkippedBlob[];
  /** Blobs with bytes after their last stream, which were ignored. */
  readonly trailing: NotedBlobs;
  /** Blobs that `decompress: auto` found to be neither bzip2 nor gzip. */
  readonly asIs: NotedBlobs;
  /** Anything else, at most {@link notesMax}. */
  readonly notes: readonly string[];
}

/** A unit with more bad blobs than this fails: something else is wrong then, and a receipt must stay small. */
export const skippedBlobsMax = 100;
const namedBlobsMax = 5;
const notesMax = 20;

const noBlobs: NotedBlobs = { blobs: 0, bytes: 0, first: [] };

export const noFindings: Findings = { skipped: [], trailing: noBlobs, asIs: noBlobs, notes: [] };

/** Adds two findings, those of earlier blobs first. */
export function addFindings(a: Findings, b: Findings): Findings {
  return {
    skipped: [...a.skipped, ...b.skipped],
    trailing: addBlobs(a.trailing, b.trailing),
    asIs: addBlobs(a.asIs, b.asIs),
    notes: [...new Set([...a.notes, ...b.notes])].slice(0, notesMax),
  };
}

/** Returns findings as the notes of a receipt. */
export function findingNotes({ trailing, asIs, notes }: Findings): readonly string[] {
  return [
    ...notes,
    ...(trailing.blobs === 0
      ? []
      : [`${counted(trailing.bytes, 'byte')} after the last streams were ignored in ${named(trailing)}`]),
    ...(asIs.blobs === 0 ? [] : [`neither bzip2 nor gzip, so taken as they are: ${named(asIs)}`]),
  ];
}

function addBlobs(a: NotedBlobs, b: NotedBlobs): NotedBlobs {
  if (b.blobs === 0) return a;
  return {
    blobs: a.blobs + b.blobs,
    bytes: a.bytes + b.bytes,
    first: [...a.first, ...b.first].slice(0, namedBlobsMax),
  };
}

function named({ blobs, first }: NotedBlobs): string {
  return `${counted(blobs, 'blob')}: ${first.join(', ')}${blobs > first.length ? ', …' : ''}`;
}

function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`;
}
