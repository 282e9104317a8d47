import { isAlias, isNode, visit, type Alias, type Document, type Node } from 'yaml';

/**
 * Returns what each alias of a document stands for: the node that last had its anchor before it. Aliases without an
 * anchor are missing. The library would search the whole document for every alias.
 */
export function resolveAliases(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const resolved = new Map<Alias, Node>();
  visit(document, (_, node) => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) resolved.set(node, target);
    } else if (isNode(node) && node.anchor !== undefined) {
      anchors.set(node.anchor, node);
    }
  });
  return resolved;
}
