/**
 * Draws who imports whom among the folders of `src`, as a flowchart of Mermaid: an arrow for imports of code, a dotted one where only types
 * are imported. A program and its wiring (`worker.ts`, `worker/`) are one node. `env.ts` is left out: both programs read it.
 *
 * @param {readonly { source: string, dependencies: readonly { resolved: string, typeOnly?: boolean }[] }[]} modules as dependency-cruiser
 *   tells them
 * @returns {string}
 */
export function drawFolders(modules) {
  /** @type {Map<string, boolean>} whether only types, by `from to` */
  const edges = new Map();
  for (const { source, dependencies } of modules) {
    for (const { resolved, typeOnly } of dependencies) {
      const [from, to] = [nodeOf(source), nodeOf(resolved)];
      if (from === undefined || to === undefined || from === to) continue;
      const edge = `${from} ${to}`;
      edges.set(edge, (edges.get(edge) ?? true) && typeOnly === true);
    }
  }
  const lines = [...edges].sort().map(([edge, onlyTypes]) => {
    const [from, to] = edge.split(' ');
    return `  ${from} ${onlyTypes ? '-.->' : '-->'} ${to}`;
  });
  return ['flowchart TD', ...lines].join('\n');
}

/** @param {string} path */
function nodeOf(path) {
  const node = /^src\/([^/.]+)/.exec(path)?.[1];
  return node === 'env' ? undefined : node;
}
