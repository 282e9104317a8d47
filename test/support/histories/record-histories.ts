import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { historyText, type RecordedHistory } from './recorded-history.js';
import { recordedPaths, type HistoryRole, type RecordedPath } from './recorded-paths.js';
import { startTemporalServer } from '../servers/temporal-server.js';

/**
 * Takes each path with missing histories in `folder`, on a real server with fake activities, and writes those that are
 * missing. Returns the names of the files it wrote. It never overwrites one.
 */
export async function recordHistories(
  folder: string,
  paths: readonly RecordedPath[] = recordedPaths,
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  for (const path of paths) {
    const missing = path.roles.filter((role) => !existsSync(join(folder, historyFile(path, role))));
    if (missing.length === 0) continue;
    const env = await startTemporalServer(path.dynamicConfig);
    try {
      const { handle } = await path.run(env);
      for (const role of missing) {
        const file = historyFile(path, role);
        await writeFile(join(folder, file), historyText(await recordedHistory(env, handle, role)), { flag: 'wx' });
        written.push(file);
      }
    } finally {
      await env.teardown();
    }
  }
  return written;
}

/** Returns the name of the file of a history. */
export function historyFile({ name }: Pick<RecordedPath, 'name'>, role: HistoryRole): string {
  return `${name}-${role}.json`;
}

/** Fetches the history of one run of a workflow, or of the first partition of a migration. */
export async function recordedHistory(
  env: TestWorkflowEnvironment,
  root: WorkflowHandle,
  role: HistoryRole,
): Promise<RecordedHistory> {
  const isOfPartition = role === 'partition' || role === 'continued';
  const workflowId = isOfPartition ? `${root.workflowId}/r0000/p0000` : root.workflowId;
  const latest = env.client.workflow.getHandle(workflowId);
  const first = (await latest.describe()).raw.workflowExecutionInfo?.firstRunId ?? undefined;
  const handle = role === 'partition' ? env.client.workflow.getHandle(workflowId, first) : latest;
  const text = historyToJSON(await handle.fetchHistory());
  return { workflowId, history: JSON.parse(text, anonymous) as RecordedHistory['history'] };
}

/**
 * Removes the name of the machine and the path of the checkout. Payloads contain neither, and base64 must not be
 * searched for them.
 */
function anonymous(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (key === 'stackTrace') return value.replaceAll(checkout, '/longhaul');
  if (key === 'identity' || key === 'name')
    return value.replace(`${String(process.pid)}@${hostname()}`, 'worker@recorder');
  return value;
}

const checkout = resolve(import.meta.dirname, '../../..');
