/** What a step or a call ended with. Everything from {@link emptyFile} on is a fault, after which the decoder stops. */

export const done: i32 = 0;
/** More compressed bytes are needed. */
export const needsInput: i32 = 1;
/** Decoded bytes are ready. */
export const hasOutput: i32 = 2;
/** The input is over, and every stream in it was whole. */
export const ended: i32 = 3;

export const emptyFile: i32 = 16;
export const badMagic: i32 = 17;
export const truncated: i32 = 18;
export const trailingBytes: i32 = 19;
export const blockCrcWrong: i32 = 20;
export const streamCrcWrong: i32 = 21;
export const noBlockHere: i32 = 22;
export const noValuesUsed: i32 = 23;
export const tableCountWrong: i32 = 24;
export const selectorWrong: i32 = 25;
export const codeLengthWrong: i32 = 26;
export const codeUnknown: i32 = 27;
export const selectorsUsedUp: i32 = 28;
export const blockTooLong: i32 = 29;
export const originWrong: i32 = 30;
export const runUnfinished: i32 = 31;
