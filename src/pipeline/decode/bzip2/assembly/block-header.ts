/**
 * Reads what comes before the symbols of a block: its checksum, the origin of its transform, the byte values in use,
 * and the selectors. Every reader can stop at any element for lack of input, and resumes there at its next call.
 */
import { peek, ready, take } from './input-bits';
import { selectorOrder, selectors, selectorsMax, tablesMax, usedValues } from './memory-layout';
import { done, needsInput, noValuesUsed, selectorWrong, tableCountWrong } from './status';

/** The checksum that the block must have. */
export let expectedCrc: u32 = 0;
/** Writers before 1997 flipped some bits of the block; see `derandomise.ts`. */
export let randomised: bool = false;
/** The row of the transform in which the block begins. */
export let origin: u32 = 0;
/** How many byte values occur in the block; they are listed at `usedValues`. */
export let usedCount: u32 = 0;
export let tableCount: u32 = 0;
/** How many groups of symbols have a selector. */
export let selectorCount: u32 = 0;

export function readExpectedCrc(): i32 {
  if (!ready(32)) return needsInput;
  expectedCrc = take(32);
  return done;
}

export function readOrigin(): i32 {
  if (!ready(25)) return needsInput;
  randomised = take(1) != 0;
  origin = take(24);
  return done;
}

// One bit for each 16 byte values: whether any of them is used. Those that are read are cleared.
let usedRanges: u32 = 0;

export function readUsedRanges(): i32 {
  if (!ready(16)) return needsInput;
  usedRanges = take(16);
  usedCount = 0;
  return done;
}

export function readUsedValues(): i32 {
  while (usedRanges != 0) {
    if (!ready(16)) return needsInput;
    // Bit 15 stands for the values 0 to 15.
    const range = clz<u32>(usedRanges) - 16;
    usedRanges &= ~((<u32>0x8000) >> range);
    for (let used = take(16) << 16; used != 0;) {
      const place = clz<u32>(used);
      used &= ~((<u32>0x80000000) >> place);
      store<u8>(usedValues + usedCount, range * 16 + place);
      usedCount++;
    }
  }
  return usedCount == 0 ? noValuesUsed : done;
}

let selectorsAnnounced: u32 = 0;
let selectorsRead: u32 = 0;

export function readSelectorCounts(): i32 {
  if (!ready(18)) return needsInput;
  tableCount = take(3);
  selectorsAnnounced = take(15);
  if (tableCount < 2 || tableCount > tablesMax || selectorsAnnounced == 0) return tableCountWrong;
  selectorsRead = 0;
  selectorCount = min(selectorsAnnounced, selectorsMax);
  for (let table: u32 = 0; table < tableCount; table++) store<u8>(selectorOrder + table, table);
  return done;
}

/** Each selector is the place of its table in a move-to-front list, written as that many ones and a zero. */
export function readSelectors(): i32 {
  for (; selectorsRead < selectorsAnnounced; selectorsRead++) {
    // More bits than a selector may have, but a whole stream always continues for longer than that.
    if (!ready(<i32>tablesMax)) return needsInput;
    const place = clz<u32>(~(peek(tablesMax) << (32 - tablesMax)));
    if (place >= tableCount) return selectorWrong;
    take(place + 1);
    const table = load<u8>(selectorOrder + place);
    for (let at = place; at > 0; at--) store<u8>(selectorOrder + at, load<u8>(selectorOrder + at - 1));
    store<u8>(selectorOrder, table);
    if (selectorsRead < selectorsMax) store<u8>(selectors + selectorsRead, table);
  }
  return done;
}
