import { z } from 'zod';
import { eachSchema } from './each-schema.js';
import { glob, regex } from './patterns.js';
import { evenIfWrong, section } from './section.js';
import { filledTemplate, template } from './texts.js';

const lookupSchema = section({
  account: filledTemplate.describe('Template that gives the name of one of `accounts`'),
  container: filledTemplate,
  prefix: template.describe('Template of what the names of the blobs begin with').exactOptional(),
  blob: filledTemplate.describe('Template of an exact name, instead of a prefix').exactOptional(),
  match: glob.describe('Glob on what follows the prefix').exactOptional(),
  regex: regex.describe('Regular expression (RE2) on what follows the prefix').exactOptional(),
  each: eachSchema.default({}),
  optional: z.boolean().describe('An absent blob or container is fine').default(false),
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
