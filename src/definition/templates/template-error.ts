/** A template that cannot be read, or cannot be rendered with the values at hand. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  constructor(
    message: string,
    /** Where in the text of the template, from 0; undefined where that is not known. */
    readonly offset?: number,
    /** What would be right. */
    readonly hint?: string,
  ) {
    super(message);
  }
}
