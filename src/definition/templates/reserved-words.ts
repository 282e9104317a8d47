import { TypeGuards, Value, type Template } from 'liquidjs';
import { templateChildren } from './template-children.js';

/** A word of the template language as a template uses it, and where. */
export interface ReservedWord {
  readonly name: string;
  readonly offset: number;
}

/** Names that no variable of a template can have, anywhere. */
export const reservedNames: ReadonlySet<string> = new Set([
  ...['empty', 'blank', 'nil', 'null', 'true', 'false', 'and', 'or', 'not', 'contains'],
  'forloop',
]);

/**
 * Returns the literals, operators and numbers that templates use as values: where a column has such a name, the
 * template would silently use something else. Numbers that are arguments of filters, as in `slice: 0, 4`, are never
 * meant as columns.
 */
export function reservedWords(templates: readonly Template[]): readonly ReservedWord[] {
  return templates.flatMap((template) => [
    ...[...(template.arguments?.() ?? [])].flatMap(wordsOf),
    ...reservedWords(templateChildren(template)),
  ]);
}

function wordsOf(argument: unknown): readonly ReservedWord[] {
  if (!(argument instanceof Value)) return tokenWords(argument).filter(({ name }) => reservedNames.has(name));
  const filterArguments = argument.filters.flatMap(({ args }) => args).flat();
  return [
    ...argument.initial.postfix.flatMap(tokenWords),
    ...filterArguments.flatMap(tokenWords).filter(({ name }) => reservedNames.has(name)),
  ];
}

function tokenWords(token: unknown): readonly ReservedWord[] {
  const isWord =
    TypeGuards.isLiteralToken(token) || TypeGuards.isNumberToken(token) || TypeGuards.isOperatorToken(token);
  if (isWord) return [{ name: token.getText(), offset: token.begin }];
  if (TypeGuards.isFilteredValueToken(token)) return [{ name: token.getText().trim(), offset: token.begin }];
  // Inside a loop, it hides a column of that name.
  const isLoop = TypeGuards.isPropertyAccessToken(token) && /^forloop\b/.test(token.getText());
  return isLoop ? [{ name: 'forloop', offset: token.begin }] : [];
}
