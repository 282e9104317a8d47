import { Output, Tokenizer, TypeGuards, Value, type Template } from 'liquidjs';
import { templateChildren } from './template-children.js';
import { TemplateError } from './template-error.js';

/**
 * Refuses what Liquid accepts and silently drops: `{{ tenant month }}` would render the tenant alone, and so would
 * `{{ tenant, month }}`. Two units would then share a key.
 */
export function checkExpressions(templates: readonly Template[]): void {
  for (const template of templates) {
    for (const argument of template.arguments?.() ?? []) if (argument instanceof Value) checkValue(argument);
    checkExpressions(templateChildren(template));
    if (!(template instanceof Output)) continue;
    checkEnd(template);
    checkWord(template);
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

/** An output that is a word of the language renders nothing, or the word, where somebody meant a column. */
function checkWord({ value }: Output): void {
  const [first, second] = value.initial.postfix;
  const isWord = second === undefined && (TypeGuards.isLiteralToken(first) || TypeGuards.isOperatorToken(first));
  if (!isWord) return;
  throw new TemplateError(
    `"${first.getText()}" is a word of the template language`,
    first.begin,
    'give the column or variable another name',
  );
}

function contentRange(text: string, begin: number): [number, number] {
  const opening = text.startsWith('{{-') ? 3 : 2;
  const closing = text.endsWith('-}}') ? 3 : 2;
  return [begin + opening, begin + text.length - closing];
}
