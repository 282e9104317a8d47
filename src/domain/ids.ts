import type { Slice } from './layout.js';

const planPrefix = 'plan/';
const verificationPrefix = 'verify/';

/** Name of the plan of a migration: `plan/orders`. A plan is a migration that moves nothing. */
export const planName = (name: string): string => `${planPrefix}${name}`;

/** Returns the migration that a plan is for, `orders` for `plan/orders`, or undefined for the name of a migration. */
export const plannedMigration = (name: string): string | undefined =>
  name.startsWith(planPrefix) ? name.slice(planPrefix.length) : undefined;

/** Name of the verification of a migration: `verify/orders`. It is a migration that compares and moves nothing. */
export const verificationName = (name: string): string => `${verificationPrefix}${name}`;

/** Returns the migration that a verification is of, `orders` for `verify/orders`, or undefined for any other name. */
export const verifiedMigration = (name: string): string | undefined =>
  name.startsWith(verificationPrefix) ? name.slice(verificationPrefix.length) : undefined;

/** Returns the migration that a name belongs to: `orders` for itself, its plan and its verification. */
export const migrationOf = (name: string): string => plannedMigration(name) ?? verifiedMigration(name) ?? name;

/** Id of the root workflow: `migration/orders`; that of a plan or a verification is its name, `plan/orders`. */
export const rootWorkflowId = (name: string): string => (migrationOf(name) === name ? `migration/${name}` : name);

/** Returns the name of the migration, plan or verification whose root workflow has this id. */
export const nameOfRoot = (workflowId: string): string => workflowId.replace(/^migration\//, '');

/** Id of an exploration's workflow: `explore/prodeast/3f2504e0`. `run` tells the runs of an account apart. */
export const exploreWorkflowId = (account: string, run: string): string => `explore/${account}/${run}`;

/** Id of a partition's workflow: `migration/orders/r0000/p0007`. */
export const partitionWorkflowId = (name: string, round: number, partition: number): string =>
  `${rootWorkflowId(name)}/${roundId(round)}/${partitionId(partition)}`;

/** `r0000` */
export const roundId = (round: number): string => `r${padded(round)}`;

/** `p0007` */
export const partitionId = (partition: number): string => `p${padded(partition)}`;

/** `s0003`; also the id of the slice's activity. */
export const sliceId = (slice: number): string => `s${padded(slice)}`;

/** `p0007/s0003`, for people and heartbeats. */
export const sliceLabel = (slice: Pick<Slice, 'partition' | 'slice'>): string =>
  `${partitionId(slice.partition)}/${sliceId(slice.slice)}`;

/** `units 15500–15999`, the range as people read it. */
export const rangeLabel = (firstUnit: number, units: number): string =>
  `units ${String(firstUnit)}–${String(firstUnit + units - 1)}`;

/** Task queue of control activities, served by every worker, so that they never wait behind slices. */
export const controlTaskQueue = (taskQueue: string): string => `${taskQueue}-control`;

const padded = (number: number): string => String(number).padStart(4, '0');

/** The type of the workflow of a root: of a migration, a plan or a verification. */
export const migrationWorkflow = 'migration';
