import { z } from 'zod';
import { compileGlob } from '../patterns/compile-glob.js';
import { compileRegex } from '../patterns/compile-regex.js';
import { PatternError } from '../patterns/pattern-error.js';

/** A glob. */
export const glob = z.string().superRefine((text, context) => {
  // A user who writes one here expects it to be rendered.
  if (/\{[{%]/.test(text)) context.addIssue({ code: 'custom', message: 'a glob is not a template' });
  else addPatternProblem(text, context, compileGlob);
});

/** A regular expression in the syntax of RE2. */
export const regex = z.string().superRefine((text, context) => {
  addPatternProblem(text, context, compileRegex);
});

/** A regular expression with exactly one group, which captures a number. */
export const numberPattern = z.string().superRefine((text, context) => {
  addPatternProblem(text, context, (written) => {
    if (compileRegex(written).groups === 1) return;
    const hint = String.raw`write it as '-(\d+)\.json\.bz2$'`;
    throw new PatternError('it needs exactly one group, for the number', 0, hint);
  });
});

function addPatternProblem(text: string, context: z.RefinementCtx, compile: (text: string) => unknown): void {
  try {
    compile(text);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const { message, hint, offset } = error;
    context.addIssue({ code: 'custom', message, params: { hint, offset } });
  }
}
