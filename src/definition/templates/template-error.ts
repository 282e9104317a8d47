/** A template that is not valid, or that cannot be rendered with the given values. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  constructor(
    message: string,
    /** Offset in the text of the template, from 0; undefined where it is not known. */
    readonly offset?: number,
    /** What would be right. */
    readonly hint?: string,
  ) {
    super(message);
  }
}
