/** What a run is to do. */
export interface Workload {
  readonly units: number;
  readonly blobsOfUnit: number;
  readonly processes: number;
}

/** What a run has taken. CPU times are those from the start of the migration to its end. */
export interface RunFigures extends Workload {
  readonly slices: number;
  readonly seconds: number;
  /** The rate while between a tenth and nine tenths of the units were stored. */
  readonly unitsPerSecond: number;
  readonly workerCpuSeconds: number;
  /** Of Temporal's server; on a cluster, of all its services. */
  readonly temporalCpuSeconds: number;
  /** Of PostgreSQL; on one machine, the database is a part of the server. */
  readonly databaseCpuSeconds: number;
  /** Of the store that holds the ledger. */
  readonly ledgerCpuSeconds: number;
  readonly workflows: number;
  readonly events: number;
  /** Those of Temporal Cloud that histories show: without heartbeats and queries. */
  readonly actions: number;
  readonly databaseBytes: number;
  /** How often the bucket was asked about objects of units. */
  readonly unitHeads: number;
  /** Requests to the control bucket; on one machine, nobody counts them. */
  readonly ledgerRequests: number;
  /** The most that any process of a worker had. */
  readonly workerMiB: number;
  /** At the end of the run: of the server or all its services, and of PostgreSQL. */
  readonly temporalMiB: number;
  readonly databaseMiB: number;
}

/** Everything that has been measured on one kind of server, as it is stored in docs/bench. */
export interface ScalingResults {
  readonly format: 1;
  readonly at: string;
  readonly machine: string;
  readonly cores: number;
  readonly latencyMs: number;
  readonly unitsInFlight: number;
  /** The same work with more and more processes. */
  readonly scaling: readonly RunFigures[];
  /** What the model is fitted to, and what it is checked against. */
  readonly fitted: readonly RunFigures[];
  readonly checked: readonly RunFigures[];
}

export type ServerKind = 'local' | 'cluster';
