import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listBelow } from './build-inputs.mjs';

/** What starts other programs or threads, wherever it is imported. */
const startsPrograms = /from '(node:(child_process|cluster|worker_threads)|execa)'/;

/**
 * What a test or its support does to its process or asks of it: replaced modules, clocks and variables, signals,
 * memory and times, and packages that bring servers or native code of their own.
 */
const touchesProcess = [
  /\bvi\./,
  /\bprocess\.(?!env\b|stdout\.write\b|execPath\b)/,
  /\bprocess\.env\b(?!\[)|\bprocess\.env\[[^\]]*\]\s*\??\??=(?!=)|\bdelete process\b/,
  /\bglobalThis\b|\bglobal\./,
  /from '(node:(module|process)|vite|vitest\/node|@temporalio\/(testing|worker))'/,
];

/**
 * Returns whether a test leaves its process as it was, so that others may run in it afterwards. All that it imports
 * counts as well: below `test/` as the test itself, below `src/` if it starts programs.
 *
 * @param {string} path
 * @returns {boolean}
 */
export function leavesProcessAlone(path) {
  const reached = new Set([path]);
  for (const each of reached) {
    const { isAlone, imports } = readModule(each);
    if (!isAlone) return false;
    for (const other of imports) reached.add(other);
  }
  return true;
}

/** @type {Map<string, { isAlone: boolean, imports: readonly string[] }>} */
const known = new Map();

/** @param {string} path */
function readModule(path) {
  const before = known.get(path);
  if (before !== undefined) return before;
  const text = readFileSync(path, 'utf8').replaceAll(/^import type [^;]*;/gm, '');
  const imports = [...text.matchAll(/\bfrom '(\.[^']+)\.js'/g)]
    .map(([, name = '']) => `${join(dirname(path), name).replaceAll('\\', '/')}.ts`)
    .filter((each) => existsSync(each));
  const touches = path.startsWith('test/') ? [startsPrograms, ...touchesProcess] : [startsPrograms];
  const module = { isAlone: !touches.some((pattern) => pattern.test(text)), imports };
  known.set(path, module);
  return module;
}

/**
 * Returns the projects of Vitest that make up a tier. Most of the CPU time of a small test is the start of its process
 * and the loading of its modules. So tests that compute share processes, modules and all, where they leave them alone;
 * each of the others has one of its own.
 *
 * @param {import('./test-tiers.mjs').TestTier} tier
 * @returns {readonly { name: string, include: string[], exclude: string[], isolate: boolean }[]}
 */
export function projectsOf({ name, lane }) {
  const include = [`test/${name}/**/*.test.ts`];
  if (lane !== 'computing') return [{ name, include, exclude: [], isolate: true }];
  const shared = listBelow(`test/${name}`).filter((path) => path.endsWith('.test.ts') && leavesProcessAlone(path));
  return [
    { name, include, exclude: shared, isolate: true },
    { name: `${name}-shared`, include: shared, exclude: [], isolate: false },
  ];
}
