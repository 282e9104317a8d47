import { Output, Tokenizer, TypeGuards, Value, type Template } from 'liquidjs';
import { TemplateError } from './template-error.js';

/**
 * Refuses what Liquid accepts and silently drops: `{{ tenant month }}` would render the tenant alone, and so would
 * `{{ tenant, month }}`. Two units would then share a key.
 */
export function checkExpressions(templates: readonly Template[]): void {
  for (const template of templates) {
    for (const argument of template.arguments?.() ?? []) if (argument instanceof Value) checkValue(argument);
    const children = template.children?.(false, true);
    if (children !== undefined) checkExpressions(drain(children));
    if (template instanceof Output) checkEnd(template);
  }
}

function checkValue({ initial: { postfix } }: Value): void {
  const operators = postfix.filter((token) => TypeGuards.isOperatorToken(token));
  const binary = operators.filter((token) => token.operator !== 'not');
  if (postfix.length - operators.length - binary.length <= 1) return;
  throw new TemplateError(
    'two values stand side by side',
    postfix[1]?.begin,
    'write {{ a }}{{ b }}, or a filter after |',
  );
}

function checkEnd({ token }: Output): void {
  const tokenizer = new Tokenizer(token.input, undefined, undefined, contentRange(token.getText(), token.begin));
  tokenizer.readFilteredValue();
  tokenizer.skipBlank();
  if (tokenizer.end()) return;
  throw new TemplateError(`unexpected "${tokenizer.peek()}"`, tokenizer.p, 'write {{ a }}{{ b }}, or a filter after |');
}

function contentRange(text: string, begin: number): [number, number] {
  const opening = text.startsWith('{{-') ? 3 : 2;
  const closing = text.endsWith('-}}') ? 3 : 2;
  return [begin + opening, begin + text.length - closing];
}

// Liquid walks with a generator so that it can read other files in between; there are none here.
function drain(children: Generator<unknown, Template[]>): Template[] {
  for (;;) {
    const step = children.next();
    if (step.done === true) return step.value;
  }
}
