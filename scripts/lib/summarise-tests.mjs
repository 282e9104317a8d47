import { relative } from 'node:path';

/**
 * The part of vitest's JSON report that is used here.
 *
 * @typedef {{ fullName: string, status: 'passed' | 'failed' | 'skipped' | 'pending' | 'todo' | 'disabled' }} TestResult
 * @typedef {{ name: string, status: string, assertionResults: readonly TestResult[] }} FileResult
 * @typedef {{ testResults: readonly FileResult[] }} TestReport
 */

/**
 * Judges a run of tests: what is wrong with it, one sentence each, and the line that closes it.
 * Everything that is wrong counts as failed, except skipped tests, which have their own count, and skipped tiers, which
 * are named.
 *
 * @param {{
 *   report: TestReport | undefined,
 *   vitestStatus: number,
 *   expectedSkips: readonly string[],
 *   expectedFiles: readonly string[],
 *   emptyTiers: readonly { name: string }[],
 *   skippedTiers: readonly { name: string, needs?: string }[],
 *   strayFiles: readonly string[],
 *   narrowed: boolean,
 *   top: string,
 * }} run `expectedFiles` relative to `top`, the absolute path of the checkout;
 *   `narrowed`: only some tests were requested, so the others are skipped on purpose
 * @returns {{ problems: string[], closingLine: string }}
 */
export function summarise({
  report,
  vitestStatus,
  expectedSkips,
  expectedFiles,
  emptyTiers,
  skippedTiers,
  strayFiles,
  narrowed,
  top,
}) {
  const files = (report?.testResults ?? []).map((file) => ({ ...file, path: pathFrom(top, file.name) }));
  const tests = files.flatMap((file) => file.assertionResults.map((test) => ({ ...test, path: file.path })));
  const passed = tests.filter(({ status }) => status === 'passed');
  const failed = tests.filter(({ status }) => status === 'failed');
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const brokenFiles = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );

  const failures = [
    ...failed.map((test) => `Failed: ${test.path}: ${test.fullName}`),
    ...brokenFiles.map((file) => `Failed outside of its tests: ${file.path}`),
  ];
  if (vitestStatus !== 0 && failures.length === 0) {
    failures.push(`Failed: the test run ended with status ${vitestStatus}; its messages are above.`);
  }
  failures.push(
    ...expectedFiles
      .filter((path) => !files.some((file) => file.path === path && file.assertionResults.length > 0))
      .filter((path) => !brokenFiles.some((file) => file.path === path))
      .map((path) => `Not run: ${path}`),
    ...emptyTiers.map(({ name }) => `No tests at all: test/${name}`),
    ...strayFiles.map((path) => `Never run, because its folder is not a tier of scripts/lib/test-tiers.mjs: ${path}`),
  );
  if (passed.length === 0 && failures.length === 0) failures.push('No test was run.');
  const unexpectedSkips = narrowed
    ? []
    : skipped
        .filter((test) => !expectedSkips.includes(`${tierOf(test.path)}: ${test.fullName}`))
        .map((test) => `Skipped, and that is not expected: ${test.path}: ${test.fullName}`);

  const counts = [`${passed.length} passed`, `${failures.length} failed`];
  if (skipped.length > 0) counts.push(`${skipped.length} skipped`);
  counts.push(...skippedTiers.map(({ name, needs }) => `tier ${name} skipped: found no ${needs}${hintOf(needs)}`));
  return { problems: [...failures, ...unexpectedSkips], closingLine: counts.join(', ') };
}

/** @param {string | undefined} needs */
function hintOf(needs) {
  if (needs === 'browser') return ' (CHROME_PATH can name one)';
  return needs === 'cluster' ? ' (it takes root, PostgreSQL, Go, cc and network namespaces)' : ' on PATH';
}

/**
 * @param {string} top
 * @param {string} path
 */
function pathFrom(top, path) {
  return relative(top, path).replaceAll('\\', '/');
}

/** @param {string} path */
function tierOf(path) {
  return path.split('/')[1] ?? '';
}
