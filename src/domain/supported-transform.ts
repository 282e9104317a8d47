import type { TransformDefinition } from './definition.js';

/** Tells why this version cannot carry out a transform, or undefined when it can. Checked before anything moves. */
export function unsupportedTransform(transform: TransformDefinition): string | undefined {
  if (transform.decompress !== 'bzip2' && transform.decompress !== 'none') return `decompress: ${transform.decompress}`;
  if (transform.trailingGarbage !== 'fail') return `trailingGarbage: ${transform.trailingGarbage}`;
  if (transform.onCorrupt !== 'fail') return `onCorrupt: ${transform.onCorrupt}`;
  if (transform.join !== 'concat') return `join: ${transform.join}`;
  if (transform.compress !== 'gzip') return `compress: ${transform.compress}`;
  return undefined;
}
