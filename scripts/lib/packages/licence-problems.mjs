/** Licences, by SPDX name, under which a package may be a part of an Apache-2.0 program. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'Unlicense',
]);

/** Packages whose manifest does not say enough; each was read by a person. A new version must be read again. */
const reviewed = new Map([
  [
    'caniuse-lite@1.0.30001826',
    'CC-BY-4.0 covers its data tables, which only the workflow bundler reads, at build time',
  ],
  ['unionfs@4.6.0', 'its LICENSE is the Unlicense'],
]);

/**
 * Returns one sentence for each package whose licence is not known to be compatible with Apache-2.0.
 *
 * @param {readonly { name: string, version: string, license?: unknown }[]} packages their manifests
 * @returns {string[]}
 */
export function listLicenceProblems(packages) {
  return packages
    .filter(({ name, version }) => !reviewed.has(`${name}@${version}`))
    .filter(({ license }) => typeof license !== 'string' || !isAllowed(license))
    .map(
      ({ name, version, license }) =>
        `${name}@${version}: licence ${JSON.stringify(license ?? 'not stated')} is not in the list of ` +
        'scripts/lib/packages/licence-problems.mjs. ' +
        'Read it, then allow the licence or the package there, or do without the package.',
    );
}

/**
 * An SPDX expression is allowed if every part joined by AND is, and of parts joined by OR at least one.
 *
 * @param {string} expression
 * @returns {boolean}
 */
function isAllowed(expression) {
  const plain = expression.replace(/[()]/g, ' ').trim();
  if (/\sOR\s/.test(plain)) return plain.split(/\sOR\s/).some(isAllowed);
  return plain.split(/\sAND\s/).every((name) => allowed.has(name.trim()));
}
