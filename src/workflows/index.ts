/**
 * The workflows that a worker serves; the entry of the workflow bundle. The name of an export is the type of a
 * workflow.
 */
export { check } from './check/check.js';
export { migration } from './migration/migration.js';
export { partition } from './partition/partition.js';
