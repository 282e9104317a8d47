import { readFileSync } from 'node:fs';

/** The decoder as WebAssembly exports it; `assembly/index.ts` says how to use it. */
export interface Bzip2Core extends Record<StatusName, WebAssembly.Global> {
  readonly memory: WebAssembly.Memory;
  reset(): void;
  inputPlace(): number;
  inputRoom(): number;
  accept(count: number): void;
  run(last: boolean): number;
  outputPlace(): number;
  outputLength(): number;
  streamNumber(): number;
  blockNumber(): number;
  usedBytes(): number;
  faultOffset(): number;
}

/** The names of `assembly/status.ts`. */
export type StatusName = 'needsInput' | 'hasOutput' | 'ended' | FaultName;

/** What can be wrong with an input. */
export type FaultName =
  | 'emptyFile'
  | 'badMagic'
  | 'truncated'
  | 'trailingBytes'
  | 'blockCrcWrong'
  | 'streamCrcWrong'
  | 'noBlockHere'
  | 'noValuesUsed'
  | 'tableCountWrong'
  | 'selectorWrong'
  | 'codeLengthWrong'
  | 'codeUnknown'
  | 'selectorsUsedUp'
  | 'blockTooLong'
  | 'originWrong'
  | 'runUnfinished';

/**
 * Makes an instance with 11.4 MiB of address space. Only what is touched takes memory; blobs of 10 KB touch less than 1
 * MiB.
 */
export function createBzip2Core(): Bzip2Core {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./bzip2.wasm', import.meta.url)));
  return new WebAssembly.Instance(compiled).exports as Bzip2Core;
}

let compiled: WebAssembly.Module | undefined;
