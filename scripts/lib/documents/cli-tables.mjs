import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Reads the tables of both programs from a build, `dist` unless another folder is named.
 *
 * @param {string} [folder]
 * @returns {Promise<import('./cli-docs.mjs').Tables>}
 */
export async function readCliTables(folder = 'dist') {
  const load = (/** @type {string} */ path) => import(pathToFileURL(resolve(folder, `${path}.js`)).href);
  const [{ loadVerbs, verbGroups }, { optionTable }, { variableTable, generalVariables }, ending, { workerTable }] =
    await Promise.all([
      load('commands/verbs'),
      load('commands/option-table'),
      load('commands/variable-table'),
      load('commands/ending/exit-status'),
      load('worker/worker-table'),
    ]);
  return {
    ...{
      verbs: await loadVerbs(),
      groups: verbGroups,
      options: optionTable,
      variables: variableTable,
      generalVariables,
    },
    ...{ worker: workerTable, statuses: ending.exitStatus, meanings: ending.exitStatusMeanings },
  };
}
