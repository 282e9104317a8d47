import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An event of a history, as JSON. */
export type HistoryEvent = Readonly<Record<string, unknown>> & { readonly eventType: string };

/**
 * One recorded run of a workflow, with its id: the history does not contain the id, and code may derive other ids from
 * it.
 */
export interface RecordedHistory {
  readonly workflowId: string;
  readonly history: { readonly events: readonly HistoryEvent[] };
}

/** The folder of the recorded histories. */
export const historiesFolder = join(import.meta.dirname, '../../workflows/histories');

export function readHistory(file: string): RecordedHistory {
  return JSON.parse(readFileSync(file, 'utf8')) as RecordedHistory;
}

/** Returns the text of a history's file, with one event per line. */
export function historyText({ workflowId, history }: RecordedHistory): string {
  const events = history.events.map((event) => JSON.stringify(event)).join(',\n');
  return `{"workflowId":${JSON.stringify(workflowId)},"history":{"events":[\n${events}\n]}}\n`;
}
