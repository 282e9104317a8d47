import type { TemplateContext } from '../templates/template-context.js';
import { TemplateError } from '../templates/template-error.js';

/** Wraps a rendering so that its errors name the field, e.g. `find[0].account`. */
export function nameField<Result>(
  path: string,
  render: (context: TemplateContext) => Result,
): (context: TemplateContext) => Result {
  return (context) => {
    try {
      return render(context);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw new TemplateError(`${path}: ${error.message}`, error.offset, error.hint);
    }
  };
}
