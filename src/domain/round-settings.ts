import { contentTypeOf, type Definition } from './definition.js';
import type { RoundSettings } from './stored/verification-records.js';
import type { ExpectedObject } from './unit.js';

/** Returns what a round gives its objects besides their bytes. */
export function roundSettings(
  { target, transform: { compress } }: Pick<Definition, 'target' | 'transform'>,
  round: number,
): RoundSettings {
  const { contentEncoding, storageClass, tags, metadata } = target;
  return {
    ...{ round, compress, contentType: contentTypeOf(target, compress) },
    ...(contentEncoding !== undefined && { contentEncoding }),
    ...(storageClass !== undefined && { storageClass }),
    ...{ tags, metadata },
  };
}

/**
 * Returns what an object may have been made with: the settings of its round, or of each round up to it where it was
 * found in place. `all` are in the order of their rounds; each holds until the next one.
 */
export function settingsFor(
  all: readonly RoundSettings[],
  { round, wasFound }: Pick<ExpectedObject, 'round' | 'wasFound'>,
): readonly RoundSettings[] {
  const until = all.filter((settings) => settings.round <= round);
  return wasFound === true ? until : until.slice(-1);
}
