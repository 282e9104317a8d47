import { listShippedPackages } from './shipped-packages.mjs';

/**
 * Returns the list of packages that npm makes, without those that reach nobody. npm takes the bundled SDKs for
 * development tools, although their code is in `dist`.
 *
 * @param {Bom} bom
 * @param {string} lock the text of package-lock.json
 * @returns {Bom}
 */
export function shippedBom(bom, lock) {
  const { packages } = JSON.parse(lock);
  const shipped = new Set(
    listShippedPackages(lock).map((path) => `${path.replace(/^.*node_modules\//, '')}@${packages[path]?.version}`),
  );
  const components = bom.components.filter((component) => shipped.has(component['bom-ref']));
  const kept = new Set([bom.metadata.component['bom-ref'], ...components.map((component) => component['bom-ref'])]);
  const dependencies = bom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) }));
  // Its number and its time would make two of the same release differ.
  const { serialNumber: _number, ...rest } = bom;
  const { timestamp: _time, ...metadata } = bom.metadata;
  return { ...rest, metadata, components, dependencies };
}

/**
 * @typedef {{
 *   serialNumber?: string,
 *   metadata: { timestamp?: string, component: { 'bom-ref': string } },
 *   components: readonly Component[],
 *   dependencies: readonly { ref: string, dependsOn: readonly string[] }[],
 * }} Bom
 * @typedef {{ 'bom-ref': string }} Component
 */
