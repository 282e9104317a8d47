/**
 * The workflows that a worker serves; the entry of the workflow bundle. The name of an export is the type of a
 * workflow.
 */
export { check } from './check/check.js';
export { explore } from './explore/explore.js';
export { exploreUnits } from './explore/explore-units.js';
export { migration } from './migration/migration.js';
export { partition } from './partition/partition.js';
