/** @typedef {Parameters<import('eslint').SourceCode['getTokens']>[0]} Node */

/**
 * Forbids an assignment whose right side reads the assigned place and then awaits: `total = add(total, await next())`.
 *
 * JavaScript reads `total` before it waits, so what others added in the meantime is overwritten without any error.
 * Await first, into a constant, and assign afterwards: `const step = await next(); total = add(total, step);`.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const noStaleReadAcrossAwait = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      stale:
        '`{{place}}` is read before the await and assigned after it, so updates made in between are lost. ' +
        'Await into a constant first, then update `{{place}}`.',
    },
  },
  create(context) {
    const { sourceCode } = context;

    /** @param {Node} node */
    const textOf = (node) =>
      sourceCode
        .getTokens(node)
        .map((token) => token.value)
        .join('');

    return {
      AssignmentExpression(node) {
        const place = textOf(node.left);
        const parts = insideSameFunction(node.right, sourceCode.visitorKeys);
        const awaits = parts.filter((part) => part.type === 'AwaitExpression');
        if (awaits.length === 0) return;
        const logical = ['&&=', '||=', '??='].includes(node.operator);
        const readsByOperator = node.operator !== '=' && !logical;
        const readsBeforeAwait = parts.some(
          (part) =>
            (part.type === 'Identifier' || part.type === 'MemberExpression') &&
            textOf(part) === place &&
            awaits.some((wait) => startOf(part) < startOf(wait)),
        );
        if (readsByOperator || readsBeforeAwait) context.report({ node, messageId: 'stale', data: { place } });
      },
    };
  },
};

/**
 * Lists a node and all below it that run in the same function; bodies of inner functions run at another time.
 *
 * @param {Node} root
 * @param {import('eslint').SourceCode['visitorKeys']} visitorKeys
 * @returns {Node[]}
 */
function insideSameFunction(root, visitorKeys) {
  if (/Function/.test(root.type)) return [];
  const children = (visitorKeys[root.type] ?? []).flatMap((key) => /** @type {any} */ (root)[key] ?? []);
  return [root, ...children.flatMap((child) => (child ? insideSameFunction(child, visitorKeys) : []))];
}

/** @param {Node} node */
function startOf(node) {
  return node.range?.[0] ?? 0;
}
