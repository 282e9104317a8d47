import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An event of a history, as JSON. */
export type HistoryEvent = Readonly<Record<string, unknown>> & { readonly eventType: string };

/** One run of a workflow as it was recorded, with its id: a history does not tell it, and code may make other ids of it. */
export interface RecordedHistory {
  readonly workflowId: string;
  readonly history: { readonly events: readonly HistoryEvent[] };
}

/** Folder of the histories that are kept. */
export const historiesFolder = join(import.meta.dirname, '../../workflows/histories');

export function readHistory(file: string): RecordedHistory {
  return JSON.parse(readFileSync(file, 'utf8')) as RecordedHistory;
}

/** The text of a history's file, with an event on each line. */
export function historyText({ workflowId, history }: RecordedHistory): string {
  const events = history.events.map((event) => JSON.stringify(event)).join(',\n');
  return `{"workflowId":${JSON.stringify(workflowId)},"history":{"events":[\n${events}\n]}}\n`;
}
