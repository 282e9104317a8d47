import { readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * Returns the texts of a source file that are parts of messages: at least two words, and no description of a field. A
 * template is split at its values.
 */
export function messageTexts(file: string): readonly string[] {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTaggedTemplateExpression(node) || isInternalError(node)) return;
    if (ts.isCallExpression(node) && isDescription(node.expression)) {
      visit(node.expression.expression);
      return;
    }
    if (ts.isStringLiteralLike(node)) found.add(node.text.trim());
    if (ts.isTemplateExpression(node)) {
      found.add(node.head.text.trim());
      for (const { literal } of node.templateSpans) found.add(literal.text.trim());
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed(file));
  return [...found].filter((text) => twoWords.test(text));
}

/** Returns all texts that a test file quotes, also those that are written in pieces. */
export function quotedTexts(file: string): string {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    found.push(textOf(node), ts.isRegularExpressionLiteral(node) ? node.text.replaceAll('\\', '') : '');
    ts.forEachChild(node, visit);
  };
  visit(parsed(file));
  return found.join('\n');
}

const twoWords = /[a-z"'`)}] [a-z"'`({]/i;

const parsed = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);

/** Reports whether a node throws an error that no user can cause. */
const isInternalError = (node: ts.Node): boolean =>
  ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'RangeError';

const isDescription = (called: ts.Expression): called is ts.PropertyAccessExpression =>
  ts.isPropertyAccessExpression(called) && called.name.text === 'describe';

/** The text of a literal or of several that are added; what is computed is a gap. */
function textOf(node: ts.Node): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTaggedTemplateExpression(node)) return textOf(node.template);
  if (ts.isBinaryExpression(node)) return textOf(node.left) + textOf(node.right);
  if (!ts.isTemplateExpression(node)) return '\0';
  return node.head.text + node.templateSpans.map(({ literal }) => `\0${literal.text}`).join('');
}
