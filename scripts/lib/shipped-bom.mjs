import { listShippedPackages } from './shipped-packages.mjs';

/**
 * Returns the list of packages that npm makes, without those that reach nobody. npm takes the bundled SDKs for tools of
 * the development, although their code is in `dist`.
 *
 * @param {Bom} bom
 * @param {string} lock the text of package-lock.json
 * @returns {Bom}
 */
export function shippedBom(bom, lock) {
  const shipped = new Set(listShippedPackages(lock));
  const components = bom.components.filter(({ properties }) =>
    properties?.some(({ name, value }) => name === 'cdx:npm:package:path' && shipped.has(value)),
  );
  const kept = new Set([bom.metadata.component['bom-ref'], ...components.map((component) => component['bom-ref'])]);
  const dependencies = bom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) }));
  return { ...bom, components, dependencies };
}

/**
 * @typedef {{
 *   metadata: { component: { 'bom-ref': string } },
 *   components: readonly Component[],
 *   dependencies: readonly { ref: string, dependsOn: readonly string[] }[],
 * }} Bom
 * @typedef {{ 'bom-ref': string, properties?: readonly { name: string, value: string }[] }} Component
 */
