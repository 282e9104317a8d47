import type { z } from 'zod';
import { section } from './section.js';
import { filledTemplate, textLike } from './texts.js';

/** `units`: where the lines are, and what names a unit. */
export const unitsSchema = section({
  from: textLike(
    /^[^\0]+\.(csv|jsonl|txt)(\.gz|\.bz2)?$/,
    'not the name of a units file',
    'it ends with .csv, .jsonl or .txt, and .gz or .bz2 may follow',
  ).describe('Path beside this file, s3://bucket/key or az://account/container/blob'),
  id: filledTemplate
    .describe('Template that names a unit: unique, at most 512 bytes; default: the whole line')
    .exactOptional(),
});

/** `name` of a migration. */
export const migrationName: z.ZodType<string, string> = textLike(
  /^[a-z0-9][a-z0-9-]{0,62}$/,
  'not the name of a migration',
  'use lower-case letters, digits and hyphens, at most 63, a letter or digit first',
);
