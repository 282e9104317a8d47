import type { z } from 'zod';
import { section } from './section.js';
import { filledTemplate, textLike } from './texts.js';

/** `units`: the units file, and how a unit is named. */
export const unitsSchema = section({
  from: textLike(
    /^[^\0]+\.(csv|jsonl|txt)(\.gz|\.bz2)?$/,
    'not the name of a units file',
    'it must end with .csv, .jsonl or .txt, optionally followed by .gz or .bz2',
  ).describe(
    'The units file, next to this file, or `s3://bucket/key` or `az://account/container/blob`: `.csv` with a header ' +
      'row, `.jsonl` (one object per line), or `.txt` (one value per line, as the field `line`); `.gz` or `.bz2` may ' +
      'follow',
  ),
  id: filledTemplate
    .describe('Template for the name of a unit: unique, at most 512 bytes. Default: the whole line')
    .exactOptional(),
});

/** `name` of a migration. */
export const migrationName: z.ZodType<string, string> = textLike(
  /^[a-z0-9][a-z0-9-]{0,62}$/,
  'not a valid migration name',
  'use up to 63 lower-case letters, digits and hyphens, starting with a letter or digit',
);
