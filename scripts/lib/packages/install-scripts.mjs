/**
 * The packages that run a script of their own when they are installed, each with the reason why that is accepted. None
 * has to run: `npm ci --ignore-scripts` gives a checkout that works.
 */
export const acceptedInstallScripts = new Map([
  [
    '@swc/core',
    'Temporal bundles workflows with it, while Longhaul is built. Its script checks that the binary of this platform ' +
      'was installed, and installs a portable one if not.',
  ],
  [
    '@grpc/proto-loader > protobufjs',
    "gRPC's own copy of protobufjs 7. Its script prints a warning about version ranges, and does nothing else.",
  ],
]);

/**
 * Returns one sentence for each package of a lock whose install script is not accepted, and for each accepted one that
 * is gone.
 *
 * @param {string} lock the text of package-lock.json
 * @param {ReadonlyMap<string, string>} [accepted]
 * @returns {string[]}
 */
export function listInstallScriptProblems(lock, accepted = acceptedInstallScripts) {
  /** @type {Record<string, { hasInstallScript?: boolean }>} */
  const packages = JSON.parse(lock).packages;
  const found = new Set(
    Object.entries(packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript === true)
      .map(([path]) => path.replace(/^node_modules\//, '').replaceAll('/node_modules/', ' > ')),
  );
  const fresh = [...found].filter((name) => !accepted.has(name));
  const gone = [...accepted.keys()].filter((name) => !found.has(name));
  return [
    ...fresh.map((name) => `${name} runs a script when it is installed: read it, then say why in ${place}.`),
    ...gone.map((name) => `${name} no longer runs a script when it is installed: remove it from ${place}.`),
  ];
}

const place = 'scripts/lib/packages/install-scripts.mjs';
