import { z } from 'zod';
import { compileTemplate } from '../templates/compile-template.js';
import { TemplateError } from '../templates/template-error.js';

/** Text that must look like `pattern`; `problem` says what it is not, `hint` what would be right. The text itself is never shown: it could be a secret. */
export function textLike(pattern: RegExp, problem: string, hint: string) {
  return z.string().superRefine((text, context) => {
    if (!pattern.test(text)) context.addIssue({ code: 'custom', message: problem, params: { hint } });
  });
}

/** Text with at least one character. */
export const filledText = textLike(/./s, 'it is empty', 'write a value, or leave the field out');

/** A Liquid template; may be empty. */
export const template = z.string().superRefine(addTemplateProblem);

/** A Liquid template that must not be empty. */
export const filledTemplate = filledText.superRefine(addTemplateProblem);

/** Text that can stand in an HTTP header. */
export const headerText = textLike(
  /^[\x20-\x7e]+$/,
  'it has characters that a header cannot hold',
  'use printable ASCII characters',
);

/** Reports what is wrong with a template, with the offset in it. */
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
