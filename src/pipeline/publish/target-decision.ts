import type { Definition } from '../../domain/definition.js';
import type { StagedUnit } from '../../domain/unit.js';
import { ownership, type ObjectIdentity } from './object-identity.js';
import type { TargetHead, WriteCondition } from './object-target.js';

/** What is to be done about the object that a HEAD found, or did not find, under a unit's key. */
export type TargetDecision =
  | { readonly act: 'write'; readonly condition: WriteCondition }
  | { readonly act: 'keep'; readonly head: TargetHead }
  | { readonly act: 'refuse'; readonly reason: string };

/**
 * Decides by a HEAD alone, never by a guess. Ours with this manifest: keep. Ours with another manifest: `overwrite` decides where an earlier
 * round's receipt vouches for it, else it is a leftover and replaced. Anything else is foreign: replaced only under `always`.
 */
export function decideTarget(
  head: TargetHead | undefined,
  wanted: {
    readonly identity: ObjectIdentity;
    readonly previous: StagedUnit['previous'];
    readonly overwrite: Definition['target']['overwrite'];
  },
): TargetDecision {
  if (head === undefined) return { act: 'write', condition: { kind: 'absent' } };
  const replace = { act: 'write', condition: { kind: 'etag', etag: head.etag } } as const;
  switch (ownership(head, wanted.identity)) {
    case 'same':
      return { act: 'keep', head };
    case 'other-manifest':
      if (head.etag !== wanted.previous?.etag || wanted.overwrite !== 'never') return replace;
      return {
        act: 'refuse',
        reason: 'the object of an earlier round has another manifest, and target.overwrite is never',
      };
    case 'foreign':
      if (wanted.overwrite === 'always') return replace;
      return { act: 'refuse', reason: `an object that this migration did not write is there (ETag ${head.etag})` };
  }
}
