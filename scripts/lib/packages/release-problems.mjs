/**
 * What the check of a release looks at.
 *
 * @typedef {{
 *   manifest: Record<string, unknown> & { version: string },
 *   changelog: string,
 *   recordedFormats: readonly string[],
 *   isClean: boolean,
 *   tags: readonly string[],
 * }} Release `recordedFormats` are the versions whose stored formats are kept, `tags` those of the commit.
 */

/**
 * Returns what still keeps a version from being published, each with what to do. None of it can be guessed: only the
 * publisher can say where the project lives and who publishes it.
 *
 * @param {Release} release
 * @returns {string[]}
 */
export function releaseProblems({ manifest, changelog, recordedFormats, isClean, tags }) {
  const { version } = manifest;
  const problems = [];
  if (manifest['private'] === true) {
    problems.push('package.json is private: remove "private" once name and owner are decided');
  }
  for (const field of ['repository', 'homepage', 'bugs', 'author']) {
    if (manifest[field] === undefined) problems.push(`package.json has no "${field}": ${whatFor[field]}`);
  }
  if (!/^\d+\.\d+\.\d+$/.test(version)) problems.push(`${version} is not a version to release: set major.minor.patch`);
  const heading = new RegExp(`^## ${version.replaceAll('.', '\\.')} — \\d{4}-\\d\\d-\\d\\d$`, 'm');
  if (!heading.test(changelog)) {
    problems.push(`CHANGELOG.md has no section "## ${version} — YYYY-MM-DD": give "Unreleased" this heading`);
  }
  if (!recordedFormats.includes(version)) {
    problems.push(`the stored formats of ${version} are not kept: record them as docs/releasing.md says`);
  }
  if (!isClean) problems.push('the checkout has changes that are not committed: commit or remove them');
  if (!tags.includes(`v${version}`)) problems.push(`this commit is not tagged v${version}: tag and sign it`);
  return problems;
}

/** @type {Record<string, string>} */
const whatFor = {
  repository: 'npm compares it with the place that builds, for the provenance',
  homepage: 'where the documents are',
  bugs: 'where users report what is wrong',
  author: 'who answers for the package',
};
