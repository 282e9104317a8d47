import { z } from 'zod';
import { eachSchema } from './each-schema.js';
import { glob, regex } from './patterns.js';
import { evenIfWrong, section } from './section.js';
import { filledTemplate, template } from './texts.js';

/** An entry of `find`. */
export const lookupSchema = section({
  account: filledTemplate.describe('Template for one of the names under `accounts`'),
  container: filledTemplate.describe('Template for the name of a container'),
  prefix: template
    .describe('Template for the start of the blobs\' names; `""` lists the whole container. Default: this or `blob`')
    .exactOptional(),
  blob: filledTemplate.describe('Template for an exact name. Default: this or `prefix`').exactOptional(),
  match: glob.describe('Glob for what follows the prefix. Default: all blobs').exactOptional(),
  regex: regex
    .describe('Regular expression (RE2) for what follows the prefix, instead of `match`. Default: all blobs')
    .exactOptional(),
  each: eachSchema
    .describe('Repeats the lookup for every combination of values; the first variable changes slowest. Default: once')
    .default({}),
  optional: z
    .boolean()
    .describe('Whether a missing blob or container is fine; otherwise it fails the unit with `SourceMissing`')
    .default(false),
}).superRefine((lookup: Partial<Record<string, unknown>>, context) => {
  const has = (field: string): boolean => lookup[field] !== undefined;
  const add = (message: string, hint: string): void => context.addIssue({ code: 'custom', message, params: { hint } });
  if (has('prefix') && has('blob')) add('it has both `prefix` and `blob`', 'keep one');
  if (!has('prefix') && !has('blob')) {
    add('it has neither `prefix` nor `blob`', 'give one; prefix: "" lists the whole container');
  }
  if (has('match') && has('regex')) add('it has both `match` and `regex`', 'keep one');
  if (has('blob') && (has('match') || has('regex'))) {
    add('`match` and `regex` go with `prefix`, not with an exact `blob`', 'remove one of them');
  }
}, evenIfWrong);

/** `find`: one or more lookups. */
export const findSchema = z.array(lookupSchema).min(1, { error: 'there is no lookup' });
