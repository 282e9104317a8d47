/** Where a verb writes bytes. */
export interface ByteSink {
  /** Takes bytes. Resolves when it is ready for more. */
  write(piece: Uint8Array): Promise<void>;
  /** Ends after whole bytes. */
  finish(): Promise<void>;
  /** Ends after a failure: the bytes are not whole. */
  abandon(): Promise<void>;
}
