import { findOnPath, isProgram } from './find-on-path.mjs';

/** What a Chromium is called, the most usual names first. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];

/**
 * Returns the path of the browser for the tests: `CHROME_PATH`, else the first Chromium on `PATH`; undefined if there
 * is none. A `CHROME_PATH` that is not a program is an error, because whoever set it expects these tests to run.
 *
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {string | undefined}
 */
export function findBrowser(environment) {
  const { CHROME_PATH: given } = environment;
  if (given) {
    if (isProgram(given)) return given;
    throw new Error(`CHROME_PATH is ${given}, which is not a program. Set it to the path of a Chromium, or unset it.`);
  }
  return findOnPath(names, environment);
}
