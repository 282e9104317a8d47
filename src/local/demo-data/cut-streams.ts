import type { StreamLayout } from './plan-demo-unit.js';

/** Cuts a blob's plain text into the texts of its bzip2 streams. Cuts fall inside lines, as pbzip2's do. */
export function cutStreams(layout: StreamLayout, plain: Buffer): readonly Buffer[] {
  const middle = Math.floor(plain.length * 0.4);
  switch (layout) {
    case 'one':
      return [plain];
    case 'empty':
      return [Buffer.alloc(0)];
    case 'two':
      return [plain.subarray(0, middle), plain.subarray(middle)];
    case 'two-around-empty':
      return [plain.subarray(0, middle), Buffer.alloc(0), plain.subarray(middle)];
  }
}
