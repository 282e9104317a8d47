import type { Definition } from '../../domain/definition.js';
import type { StagedUnit } from '../../domain/unit.js';
import { isOfThisMigration, ownership, type ObjectIdentity } from './object-identity.js';
import type { TargetHead, WriteCondition } from './object-target.js';

/** What to do about the object that a HEAD found, or did not find, under a unit's key. */
export type TargetDecision = DefiniteDecision | KeepDecision;

/** Write under a condition, or leave the key alone. */
export type DefiniteDecision =
  { readonly act: 'write'; readonly condition: WriteCondition } | { readonly act: 'refuse'; readonly reason: string };

/** Keep the object if it is proven whole; do something else if it is not. */
export interface KeepDecision {
  readonly act: 'keep';
  readonly head: TargetHead;
  readonly ifNotWhole: DefiniteDecision;
}

/**
 * Decides by a HEAD alone, never by a guess. An object made of the wanted blobs is kept if it is whole, whichever
 * migration of this name made it; if it is not, it is a leftover to replace, or a foreign one. For one of ours made of
 * other blobs `overwrite` decides where the receipt of an earlier round vouches for it; without such a receipt it is a
 * leftover. Anything else is foreign, and replaced only under `always`. An object to `repair` is replaced if it is
 * ours, and never if it is not.
 */
export function decideTarget(
  head: TargetHead | undefined,
  wanted: {
    readonly identity: ObjectIdentity;
    readonly previous: StagedUnit['previous'];
    readonly overwrite: Definition['target']['overwrite'];
    readonly repair?: StagedUnit['repair'] | undefined;
  },
): TargetDecision {
  if (head === undefined) return { act: 'write', condition: { kind: 'absent' } };
  const { identity, previous, overwrite, repair } = wanted;
  const replace = { act: 'write', condition: { kind: 'etag', etag: head.etag } } as const;
  if (repair === true) {
    // The ETag of a receipt identifies an object that has lost its metadata.
    const isOurs = head.etag === previous?.etag || isWrittenByUs(head, identity);
    return isOurs ? replace : { act: 'refuse', reason: `${notOurs} (ETag ${head.etag})` };
  }
  const foreign = (reason: string): DefiniteDecision =>
    overwrite === 'always' ? replace : { act: 'refuse', reason: `${reason} (ETag ${head.etag})` };
  switch (ownership(head, identity)) {
    case 'same':
      return {
        act: 'keep',
        head,
        ifNotWhole: isOfThisMigration(head, identity)
          ? replace
          : foreign('an object of another migration of this name is there, and nothing proves that it is whole'),
      };
    case 'other-manifest':
      if (head.etag !== previous?.etag || overwrite !== 'never') return replace;
      return {
        act: 'refuse',
        reason: 'the object of an earlier round was made of other blobs, and target.overwrite is never',
      };
    case 'foreign':
      return foreign(notOurs);
  }
}

const notOurs = 'an object that this migration did not write is there';

function isWrittenByUs(head: TargetHead, identity: ObjectIdentity): boolean {
  return ownership(head, identity) !== 'foreign' && isOfThisMigration(head, identity);
}
