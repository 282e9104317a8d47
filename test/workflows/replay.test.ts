import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DeterminismViolationError } from '@temporalio/workflow';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { layoutOf, runFakeMigration } from '../support/fakes/fake-migration.js';
import { historyFile, recordedHistory, recordHistories } from '../support/histories/record-histories.js';
import {
  historiesFolder,
  readHistory,
  type HistoryEvent,
  type RecordedHistory,
} from '../support/histories/recorded-history.js';
import { recordedPaths } from '../support/histories/recorded-paths.js';
import { replayHistories } from '../support/histories/replay-histories.js';
import { connectToTemporal } from '../support/servers/temporal-server.js';
import { bundleWorkflows, workflowBundle } from '../support/servers/workflow-bundle.js';

const files = recordedPaths.flatMap((path) => path.roles.map((role) => historyFile(path, role)));
const kept = (file: string) => readHistory(join(historiesFolder, file));
const fixture = (name: string) => resolve(import.meta.dirname, 'fixtures', name);

describe('the workflows as they are', () => {
  test('have a recorded history of every path, and none that nobody knows', () => {
    expect(readdirSync(historiesFolder).sort()).toEqual([...files].sort());
  });

  test('replay every history that was recorded', async () => {
    const errors = await replayHistories(await workflowBundle(), files.map(kept));
    expect(files.map((file, at) => [file, errors[at]]).filter(([, error]) => error !== undefined)).toEqual([]);
  });

  test.each([
    ['an activity of another type', 'complete-partition.json', 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED', 'activityType'],
    [
      'a child of another id',
      'complete-root.json',
      'EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED',
      'workflowId',
    ],
  ])('do not replay a history with %s', async (_, file, eventType, field) => {
    const [error] = await replayHistories(await workflowBundle(), [withAnother(kept(file), eventType, field)]);
    expect(error).toBeInstanceOf(DeterminismViolationError);
  });
});

describe('a change of what a partition asks for', () => {
  const before = files.filter((file) => file.endsWith('-partition.json'));

  test('replays what was recorded before it, behind `patched`', async () => {
    const bundle = await bundleWorkflows(fixture('changed-with-patch.ts'));
    expect(await replayHistories(bundle, before.map(kept))).toEqual(before.map(() => undefined));
  });

  test('breaks all that was recorded before it, without `patched`', async () => {
    const bundle = await bundleWorkflows(fixture('changed-without-patch.ts'));
    const errors = await replayHistories(bundle, before.map(kept));
    expect(errors).toEqual(before.map(() => expect.any(DeterminismViolationError)));
  });
});

describe('a history that is recorded now', () => {
  let env: TestWorkflowEnvironment;
  beforeAll(async () => {
    env = await connectToTemporal(inject('temporalAddress'));
  });
  afterAll(() => env.teardown());

  test('replays on the code that made it, and takes the new path behind `patched`', async () => {
    const bundle = await bundleWorkflows(fixture('changed-with-patch.ts'));
    const { handle } = await runFakeMigration(env, { layout: layoutOf(1, 2), bundle });
    const after = await recordedHistory(env, handle, 'partition');
    const types = after.history.events.map(({ eventType }) => eventType);
    expect(types).toEqual(expect.arrayContaining(['EVENT_TYPE_MARKER_RECORDED', 'EVENT_TYPE_TIMER_FIRED']));
    expect(await replayHistories(bundle, [after])).toEqual([undefined]);
    // Workers from before the change cannot continue such a workflow: there is no way back.
    expect(await replayHistories(await workflowBundle(), [after])).toEqual([expect.any(DeterminismViolationError)]);
  });

  test('is written when it is missing, and nothing else is written again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'longhaul-histories-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const paths = recordedPaths.filter(({ name }) => name === 'complete');
    expect(await recordHistories(folder, paths)).toEqual(['complete-root.json', 'complete-partition.json']);
    rmSync(join(folder, 'complete-root.json'));
    expect(await recordHistories(folder, paths)).toEqual(['complete-root.json']);
    const histories = readdirSync(folder).map((file) => readHistory(join(folder, file)));
    expect(await replayHistories(await workflowBundle(), histories)).toEqual([undefined, undefined]);
  });
});

/** Returns the history as if the code had asked for something else: `field` of the first such event is changed. */
function withAnother({ workflowId, history }: RecordedHistory, eventType: string, field: string): RecordedHistory {
  const at = history.events.findIndex((event) => event.eventType === eventType);
  const text = JSON.stringify(history.events[at]);
  const changed = text.replace(new RegExp(`("${field}":(?:\\{"name":)?)"`), '$1"other-');
  expect(changed).not.toBe(text);
  return { workflowId, history: { events: history.events.with(at, JSON.parse(changed) as HistoryEvent) } };
}
