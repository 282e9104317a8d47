import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Drop } from 'liquidjs';
import { TemplateError } from './template-error.js';

/**
 * The result of the filter `hash`, or a slice of it: hexadecimal text, even where all its digits happen to be decimal.
 */
export class HashText extends Drop {
  constructor(readonly hex: string) {
    super();
  }

  /** For the filter `size` of Liquid. */
  get length(): number {
    return this.hex.length;
  }

  override valueOf(): string {
    return this.hex;
  }
}

const hashAlgorithms = ['md5', 'sha1', 'sha256', 'crc32'] as const;

/** Hashes a text as UTF-8. */
export function hashOf(text: string, algorithm: unknown): HashText {
  switch (algorithm) {
    case 'crc32':
      return new HashText(crc32(text).toString(16).padStart(8, '0'));
    case 'md5':
    case 'sha1':
    case 'sha256':
      return new HashText(hash(algorithm, text));
    default:
      throw new TemplateError(
        `hash: unknown algorithm "${String(algorithm)}"`,
        undefined,
        `use ${hashAlgorithms.join(', ')}`,
      );
  }
}
