import type { ExpectDefinition } from '../../domain/definition.js';
import type { RenderedExpect } from '../../domain/rendered-find.js';
import { compileRegex } from '../patterns/compile-regex.js';
import { compileTemplate } from '../templates/compile-template.js';
import type { TemplateContext } from '../templates/template-context.js';
import { TemplateError } from '../templates/template-error.js';

/** Compiles `expect` of a definition. */
export function compileExpect(definition: ExpectDefinition): (context: TemplateContext) => RenderedExpect {
  const counts = (['blobs', 'min', 'max'] as const).flatMap((name) => {
    const text = definition[name];
    return text === undefined ? [] : [{ name, template: compileTemplate(text) }];
  });
  const pattern = definition.sequence === undefined ? undefined : compileRegex(definition.sequence);
  const sequence = pattern === undefined ? {} : { sequence: (name: string) => pattern.capture(name) };
  return (context) => ({
    ...Object.fromEntries(counts.map(({ name, template }) => [name, count(name, template.render(context))])),
    ...sequence,
  });
}

function count(name: string, text: string): number {
  if (/^\d{1,15}$/.test(text.trim())) return Number(text);
  throw new TemplateError(`expect.${name}: "${text}" is not a number of blobs`);
}
