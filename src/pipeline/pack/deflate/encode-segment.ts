import { DeflateEncoder, type SegmentOptions } from './deflate-encoder.js';

/**
 * Names the bytes that this encoder produces: as long as the name stays the same, equal input and level give equal
 * bytes. Any change to the encoder that changes a single byte of output changes the name, so that no process continues
 * an object that another version began.
 */
export const encoderVersion = 'longhaul-deflate 1';

/**
 * Deflates a segment as {@link DeflateEncoder.encodeSegment} does, with the one encoder of this thread. One is enough:
 * a segment is encoded without a pause, so the encoder is free again before anyone else can ask for it.
 */
export function encodeSegment(bytes: Uint8Array, options: SegmentOptions): Uint8Array<ArrayBuffer> {
  encoder ??= new DeflateEncoder();
  return encoder.encodeSegment(bytes, options);
}

let encoder: DeflateEncoder | undefined;
