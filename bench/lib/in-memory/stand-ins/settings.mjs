/**
 * What the stores in the memory of workers are like.
 *
 * @typedef {object} InMemoryStores
 * @property {number} units
 * @property {number} blobsOfUnit
 * @property {string} blobPath the file with the bytes of every blob
 * @property {number} latencyMs how long each request takes
 * @property {string} requestsFolder where each process says at its end what its bucket was asked for
 * @property {string} [validKeyPath] the file with the key that the account takes; without it, it takes any
 */

/** The variable that holds them for the workers, as JSON. */
export const settingsVariable = 'IN_MEMORY_STORES';

/** Returns those of this process. @returns {InMemoryStores} */
export function readSettings() {
  return JSON.parse(process.env[settingsVariable] ?? '');
}
