import { lengthClasses, lengthExtraBits, matchLengthMax, matchLengthMin } from './deflate-format';
import { lengthBasesAt, lengthClassesAt } from './memory-layout';
import { put16, put8 } from './tables';

/** Fills the table of the class of each length, and that of the shortest length of each class. */
export function fillLengthClasses(): void {
  let length = matchLengthMin;
  for (let lengthClass: u32 = 0; lengthClass < lengthClasses - 1; lengthClass++) {
    put16(lengthBasesAt, lengthClass, length);
    const lengths: u32 = 1 << lengthExtraBits(lengthClass);
    for (let k: u32 = 0; k < lengths; k++) put8(lengthClassesAt, length++, lengthClass);
  }
  // The greatest length has a class of its own, without extra bits; the class before could express it too, but must
  // not.
  put16(lengthBasesAt, lengthClasses - 1, matchLengthMax);
  put8(lengthClassesAt, matchLengthMax, lengthClasses - 1);
}
