import type { RenderedExpect } from '../../domain/rendered-find.js';

/** Returns the number that `expect.sequence` captures in the name of a blob, or undefined where it captures none. */
export function sequenceNumber(name: string, sequence: NonNullable<RenderedExpect['sequence']>): number | undefined {
  const captured = sequence(name);
  return captured !== undefined && /^\d{1,15}$/.test(captured) ? Number(captured) : undefined;
}
