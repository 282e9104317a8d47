/**
 * The part of WebAssembly that the codecs use. Node has it, but Node's types do not, nor do TypeScript's own without a
 * browser.
 */
declare namespace WebAssembly {
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- that is its shape
  class Module {
    constructor(bytes: Uint8Array);
    static customSections(module: Module, name: string): ArrayBuffer[];
  }
  class Instance {
    constructor(module: Module);
    readonly exports: unknown;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  interface Global {
    readonly value: number;
  }
  class RuntimeError extends Error {}
  function validate(bytes: Uint8Array): boolean;
}
