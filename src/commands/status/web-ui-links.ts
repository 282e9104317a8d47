import { migrationWorkflow } from '../../domain/ids.js';

/** Where a Web UI is. */
export interface WebUiPlace {
  /** Base address of the Web UI, without a trailing slash; undefined if it is not known. */
  readonly webUi: string | undefined;
  readonly namespace: string;
}

/** Returns the link to the page of a workflow that shows where it stands, or null if no Web UI is known. */
export function webUiLink(place: WebUiPlace, workflowId: string, runId: string | null): string | null {
  const workflows = workflowsPage(place);
  if (workflows === null) return null;
  const workflow = `${workflows}/${encodeURIComponent(workflowId)}`;
  // The tab with the current details; the first tab shows the history, which answers no question.
  return runId === null ? workflow : `${workflow}/${runId}/user-metadata`;
}

/**
 * Returns the link to the list of all migrations without their partitions, or null if no Web UI is known. The Web UI
 * keeps it in that browser as a saved view.
 */
export function webUiListLink(place: WebUiPlace): string | null {
  const workflows = workflowsPage(place);
  const query = encodeURIComponent(`\`WorkflowType\`="${migrationWorkflow}"`);
  return workflows === null ? null : `${workflows}?query=${query}&savedQuery=Migrations`;
}

function workflowsPage({ webUi, namespace }: WebUiPlace): string | null {
  return webUi === undefined ? null : `${webUi}/namespaces/${encodeURIComponent(namespace)}/workflows`;
}
