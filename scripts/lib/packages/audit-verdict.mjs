/**
 * Reads what `npm audit --json` printed. `not run` if the registry serves no advisories, as many mirrors do not; `bad`
 * if a shipped package has an advisory of level high or critical, named in the lines; else `good`.
 *
 * @param {string} text
 * @param {readonly string[]} shipped the paths of the packages that count
 * @returns {{ verdict: 'good' | 'bad' | 'not run', lines: string[] }}
 */
export function auditVerdict(text, shipped) {
  const report = parse(text);
  if (report?.vulnerabilities === undefined) {
    return { verdict: 'not run', lines: [`not run: ${reasonIn(report)}`] };
  }
  const advisories = Object.values(report.vulnerabilities).filter(({ nodes }) =>
    nodes.some((path) => shipped.includes(path)),
  );
  const lines = advisories.map(({ name, severity, range }) => `${severity}: ${name} ${range}`);
  const isGrave = advisories.some(({ severity }) => severity === 'high' || severity === 'critical');
  return { verdict: isGrave ? 'bad' : 'good', lines: [...lines, `${advisories.length} packages with advisories`] };
}

/**
 * @typedef {{ name: string, severity: string, range: string, nodes: string[] }} Advisory
 * @typedef {{ vulnerabilities?: Record<string, Advisory>, message?: string, error?: { summary?: string } }} AuditReport
 *
 * @param {string} text
 * @returns {AuditReport | undefined}
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param {AuditReport | undefined} report */
function reasonIn(report) {
  const told = report?.message ?? report?.error?.summary ?? 'npm audit printed no report';
  // The address of a mirror is nobody's business.
  return `the registry serves no advisories (${told.replace(/https?:\/\/\S+/g, '…')})`;
}
