/** Where decoded bytes go. */
export interface DecodedSink {
  /** Takes bytes, and is ready for more when it resolves. */
  write(piece: Uint8Array): Promise<void>;
  /** Says that the bytes are whole. */
  finish(): Promise<void>;
  /** Says that they are not, after a failure of any kind. */
  abandon(): Promise<void>;
}
