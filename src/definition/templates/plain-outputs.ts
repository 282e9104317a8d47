import type { TemplateContext } from './template-context.js';

/**
 * Compiles a template of text and bare variables, `{{ tenant }}/{{ unit.id }}`, to a concatenation: it renders twenty times faster than Liquid, which
 * counts with millions of units. Gives undefined for any other template; what is compiled gives undefined where a value is not there or neither
 * text nor a number, so that Liquid decides.
 */
export function compilePlainOutputs(
  text: string,
  isVariable: (name: string) => boolean,
): ((context: TemplateContext) => string | undefined) | undefined {
  const pieces = text.split(/\{\{[ \t]*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)[ \t]*\}\}/);
  const [literals, names] = [pieces.filter((_, at) => at % 2 === 0), pieces.filter((_, at) => at % 2 === 1)];
  if (literals.some((literal) => /\{[{%]|[%}]\}/.test(literal)) || !names.every(isVariable)) return undefined;
  const paths = names.map((name) => name.split('.'));
  return (context) => {
    let rendered = literals[0] ?? '';
    for (const [at, path] of paths.entries()) {
      const value = valueAt(context, path);
      if (typeof value !== 'string' && typeof value !== 'number') return undefined;
      rendered += `${String(value)}${literals[at + 1] ?? ''}`;
    }
    return rendered;
  };
}

function valueAt(context: TemplateContext, path: readonly string[]): unknown {
  let value: unknown = context;
  for (const name of path) {
    // Text has members in Liquid that it has not here.
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}
