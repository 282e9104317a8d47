/** The packages whose code the build copies into `dist`, so that nobody has to install them. */
const bundledSdks = [
  ...['@aws-sdk/client-s3', '@aws-sdk/credential-providers', '@aws-sdk/lib-storage'],
  ...['@azure/identity', '@azure/storage-blob'],
  ...['@opentelemetry/api', '@opentelemetry/exporter-trace-otlp-http'],
  ...['@opentelemetry/resources', '@opentelemetry/sdk-trace'],
  ...['d3-scale', 'd3-shape'],
  'undici',
];

/**
 * Returns the paths of the packages in a lock whose code reaches those who install this program: the production
 * dependencies, which npm installs, and the bundled SDKs with all that they need, which npm takes for development
 * tools. Notices, licences and advisories are about these.
 *
 * @param {string} lock the text of package-lock.json, lockfile version 3
 * @param {readonly string[]} [bundled]
 * @returns {string[]}
 */
export function listShippedPackages(lock, bundled = bundledSdks) {
  /** @type {Record<string, LockEntry>} */
  const packages = JSON.parse(lock).packages;
  const shipped = new Set(Object.keys(packages).filter((path) => path !== '' && packages[path]?.dev !== true));
  const open = bundled.map((name) => `node_modules/${name}`);
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const { dependencies, optionalDependencies } = packages[path] ?? {};
    shipped.add(path);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = findPackage(packages, path, name);
      if (found !== undefined && !shipped.has(found)) open.push(found);
    }
  }
  return [...shipped].sort();
}

/**
 * @typedef {{
 *   dev?: boolean,
 *   dependencies?: Record<string, string>,
 *   optionalDependencies?: Record<string, string>,
 * }} LockEntry
 */

/**
 * Returns the path of the package that Node finds by `name` from inside the one at `path`: below it, or further up.
 *
 * @param {Record<string, LockEntry>} packages
 * @param {string} path
 * @param {string} name
 * @returns {string | undefined}
 */
function findPackage(packages, path, name) {
  for (let folder = path; ; folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    const candidate = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    if (folder === '') return undefined;
  }
}
