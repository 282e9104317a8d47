import { readFileSync } from 'node:fs';

/** The encoder as WebAssembly exports it; `assembly/index.ts` says how to use it. */
export interface DeflateCore {
  readonly memory: WebAssembly.Memory;
  readonly inputAt: WebAssembly.Global;
  readonly outputAt: WebAssembly.Global;
  readonly segmentBytesMax: WebAssembly.Global;
  deflateSegment(segmentBytes: number, level: number, last: boolean): number;
  stepsTaken(): number;
}

/** Makes an instance, which always has 2.3 MiB of memory. Compiles once in each thread, in about 3 ms. */
export function createDeflateCore(): DeflateCore {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./deflate.wasm', import.meta.url)));
  return new WebAssembly.Instance(compiled).exports as DeflateCore;
}

let compiled: WebAssembly.Module | undefined;
