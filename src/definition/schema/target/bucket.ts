import { textLike } from '../texts.js';

/**
 * The name of a bucket by the rules of AWS, which compatible stores share: 3 to 63 characters, and nothing that reads
 * like an IP address.
 */
export const bucketPattern = /^(?!\d+\.\d+\.\d+\.\d+$)(?!xn--)[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]$/;

/** The name of a bucket. */
export const bucket = textLike(
  bucketPattern,
  'not a valid bucket name',
  'use 3 to 63 lower-case letters, digits, hyphens and single dots, starting and ending with a letter or digit',
);
