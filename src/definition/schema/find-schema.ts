import picomatch from 'picomatch';
import { z } from 'zod';
import { globOptions, regexProblem } from '../find/name-test.js';
import { eachSchema } from './each-schema.js';
import { evenIfWrong, section } from './section.js';
import { filledTemplate, template } from './texts.js';

const glob = z.string().superRefine((text, context) => {
  const problem = globProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

const expression = z.string().superRefine((text, context) => {
  const problem = regexProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

const lookupSchema = section({
  account: filledTemplate.describe('Template that gives the name of one of `accounts`'),
  container: filledTemplate,
  prefix: template.describe('Template of what the names of the blobs begin with').exactOptional(),
  blob: filledTemplate.describe('Template of an exact name, instead of a prefix').exactOptional(),
  match: glob.describe('Glob on what follows the prefix').exactOptional(),
  regex: expression.describe('Regular expression on what follows the prefix').exactOptional(),
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

function globProblem(text: string): string | undefined {
  if (text === '') return 'it is empty';
  if (/\{[{%]/.test(text)) return 'a glob is not a template';
  try {
    // An unbalanced brace gives an expression that matches nothing: every unit would be empty.
    return picomatch.makeRe(text, globOptions).source === '$^' ? 'not a glob' : undefined;
  } catch {
    return 'not a glob';
  }
}
