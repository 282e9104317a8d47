import type { CheckInput, CheckResult } from '../../workflows/messages.js';

/** How a check on the workers went: its result, or why there is none. */
export type WorkerCheckOutcome = { readonly result: CheckResult } | { readonly unknown: string };

/**
 * What `check` asks of Temporal. Every method rejects with a `CommandError` of status 6 if the server does not answer.
 */
export interface TemporalChecks {
  /** Version of the server; undefined if it does not say. */
  serverVersion(): Promise<string | undefined>;
  /** How long closed workflows are kept; undefined if the server does not say. Fails if there is no such namespace. */
  retentionMs(): Promise<number | undefined>;
  /** Names and types of the search attributes of the namespace; undefined if they may not be seen. */
  searchAttributes(): Promise<Readonly<Record<string, string>> | undefined>;
  /** The processes that have polled the task queue in the last minute or so, as `host/42 longhaul 1.2.3 0b7c1f5e`. */
  workers(): Promise<readonly string[]>;
  /** Runs `check/<name>` on a worker; a check of the same name that still runs is ended. Ends it when aborted. */
  runCheck(name: string, input: CheckInput, signal: AbortSignal): Promise<WorkerCheckOutcome>;
}
