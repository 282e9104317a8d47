import { DeflateEncoder, type SegmentOptions } from './deflate-encoder.js';

/**
 * Deflates a segment as {@link DeflateEncoder.encodeSegment} does, with the one encoder of this thread. More would never be in use: a
 * segment is encoded without a pause, and the encoder is free again before anybody else can ask.
 */
export function encodeSegment(bytes: Uint8Array, options: SegmentOptions): Uint8Array<ArrayBuffer> {
  encoder ??= new DeflateEncoder();
  return encoder.encodeSegment(bytes, options);
}

let encoder: DeflateEncoder | undefined;
