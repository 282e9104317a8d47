import { AnswerTooLarge } from './answer-too-large.js';

/**
 * Collects a body of at most `bytesMax` bytes as text; destroys it and rejects with {@link AnswerTooLarge} as soon as
 * there are more.
 */
export async function boundedText(body: AsyncIterable<Uint8Array | string>, bytesMax: number): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop destroys the stream.
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > bytesMax) throw new AnswerTooLarge(bytesMax);
    pieces.push(Buffer.from(piece as Uint8Array));
  }
  return Buffer.concat(pieces).toString('utf8');
}
