import { z } from 'zod';
import { compileTemplate } from '../templates/compile-template.js';
import { TemplateError } from '../templates/template-error.js';

/**
 * Text that must match `pattern`; `problem` says what is wrong with it, `hint` what would be right. The text itself
 * is never shown, since it could be a secret.
 */
export function textLike(pattern: RegExp, problem: string, hint: string) {
  return z.string().superRefine((text, context) => {
    if (!pattern.test(text)) context.addIssue({ code: 'custom', message: problem, params: { hint } });
  });
}

/** Text with at least one character. */
export const filledText = textLike(/./s, 'it is empty', 'write a value or remove the field');

/** A Liquid template; may be empty. */
export const template = z.string().superRefine(addTemplateProblem);

/** A Liquid template that must not be empty. */
export const filledTemplate = filledText.superRefine(addTemplateProblem);

/** Text that an HTTP header can hold. */
export const headerText = textLike(
  /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/,
  'it has characters that a header cannot hold',
  'use printable ASCII characters, without blanks at the start and end',
);

/** Adds the problem of a template, if it has one, with its offset. */
export function addTemplateProblem(
  text: string,
  context: z.RefinementCtx,
  compile: (text: string) => unknown = compileTemplate,
): void {
  try {
    compile(text);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { message, hint, offset } = error;
    context.addIssue({ code: 'custom', message: `template: ${message}`, params: { hint, offset } });
  }
}
