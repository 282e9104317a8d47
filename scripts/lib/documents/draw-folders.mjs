/**
 * Draws who imports whom among the rooms of a folder, as a flowchart of Mermaid: an arrow for imports of code, a dotted
 * one where only types are imported. In `src` itself a program and its wiring (`worker.ts`, `worker/`) are one room;
 * `env.ts` is left out, because both programs read it.
 *
 * @typedef {{ resolved: string, typeOnly?: boolean }} Dependency
 * @param {readonly { source: string, dependencies: readonly Dependency[] }[]} modules as reported
 * @param {string} [folder] whose rooms are drawn
 * @returns {string}
 */
export function drawFolders(modules, folder = 'src') {
  const room = new RegExp(`^${folder}/([^/.]+)`);
  const roomOf = (/** @type {string} */ path) => {
    const name = room.exec(path)?.[1];
    return name === 'env' ? undefined : name;
  };
  /** @type {Map<string, boolean>} whether only types, by `from to` */
  const edges = new Map();
  for (const { source, dependencies } of modules) {
    for (const { resolved, typeOnly } of dependencies) {
      const [from, to] = [roomOf(source), roomOf(resolved)];
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
