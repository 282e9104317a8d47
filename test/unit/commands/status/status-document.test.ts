import { describe, expect, it } from 'vitest';
import type { Moment } from '../../../../src/domain/moment.js';
import { emptyTally, noUnits } from '../../../../src/domain/figures/tally.js';
import {
  documentOfLedger,
  documentOfRoot,
  documentOfSummary,
} from '../../../../src/commands/status/status-document.js';
import { exitStatusOfPhase } from '../../../../src/commands/status/exit-status-of-phase.js';
import { completedDocument, completedRoot, runningDocument, runningRoot, subject, tally } from '../sample-documents.js';

describe('the status document', () => {
  it('has exactly the fields of the contract', () => {
    expect(runningDocument).toEqual({
      name: 'orders',
      workflowId: 'migration/orders',
      runId: 'run-1',
      round: 0,
      phase: 'running',
      phaseSince: null,
      units: { total: 1_000, done: 400, found: 3, empty: 2, failed: 1 },
      blobs: { done: 4_021 },
      bytes: { source: 41_021_330, raw: 180_332_211, target: 39_811_202 },
      rate: { unitsPerSecond: 31.2, blobsPerSecond: 312.5, sourceBytesPerSecond: 3_210_000 },
      meanRate: null,
      etaSeconds: 19,
      etaRange: null,
      startedAt: '2026-01-02T03:03:05.000Z',
      endedAt: null,
      blocked: [],
      waiting: [],
      failures: {},
      ...{ work: null, moving: [], throttled: [], credentials: [] },
      webUi: 'http://127.0.0.1:8233/namespaces/default/workflows/migration%2Forders/run-1/user-metadata',
      overall: { units: { total: 1_000, done: 400, found: 3, empty: 2, failed: 1 } },
    });
  });

  it('shows what is going on, and only the credentials that end within three days or before the end', () => {
    const moment: Moment = {
      work: { processes: 2, slices: 5, units: 9, unitsMax: 32 },
      moving: [{ unit: 'acme', bytes: 1, of: 2, since: '2026-01-02T03:03:00.000Z' }],
      throttled: [{ what: 'account east', perSecond: 12, since: '2026-01-02T03:03:00.000Z' }],
      credentials: ['2026-01-05T03:04:00.000Z', '2026-01-05T03:04:01.000Z'].map((endsAt) => ({ what: 'w', endsAt })),
    };
    const shown = (more: object) =>
      documentOfRoot(subject, { ...runningRoot, progress: { ...runningRoot.progress!, moment, ...more } });
    expect(shown({})).toMatchObject({ ...moment, credentials: moment.credentials.slice(0, 1) });
    const late = { etaRange: { fromSeconds: 200_000, toSeconds: 259_201 } };
    expect(shown(late)).toMatchObject({ ...moment, ...late });
    expect(documentOfRoot(subject, completedRoot)).toMatchObject({ work: null, moving: [], credentials: [] });
  });

  it('shows the mean rates of the round, and no time left, after the end', () => {
    expect(completedDocument).toMatchObject({
      phase: 'completed',
      units: { total: 1_000, done: 1_000 },
      rate: { unitsPerSecond: 10, blobsPerSecond: 100, sourceBytesPerSecond: 410_213 },
      etaSeconds: null,
      endedAt: '2026-01-02T03:04:45.000Z',
    });
  });

  it('counts for the mean rate only what the run has done that ended the round', () => {
    const beforeRun = { units: 900, blobs: 9_000, sourceBytes: 0 };
    const { progress } = completedRoot.result!;
    const result = { phase: 'completed' as const, progress: { ...progress, tally: { ...progress.tally, beforeRun } } };
    expect(documentOfRoot(subject, { ...completedRoot, result })).toMatchObject({
      units: { done: 1_000 },
      meanRate: { unitsPerSecond: 1 },
    });
    const summary = {
      ...{ format: 1, name: 'orders', round: 0, total: 403, tally, phase: 'completed' as const, beforeRun },
      ...{ startedAt: '2026-01-02T03:00:00.000Z', endedAt: '2026-01-02T03:00:10.000Z' },
    };
    const ofThisRun = { ...summary, beforeRun: { ...beforeRun, units: 303 } };
    expect(documentOfSummary(subject, ofThisRun, null)).toMatchObject({ meanRate: { unitsPerSecond: 10 } });
  });

  it.each(['paused', 'pausing', 'blocked'] as const)('has neither a rate nor a time left while %s', (phase) => {
    const since = '2026-01-02T03:03:30.000Z';
    const document = documentOfRoot(subject, { ...runningRoot, memo: { ...runningRoot.memo!, phase, since } });
    expect(document).toMatchObject({ phase, phaseSince: since, rate: { blobsPerSecond: 0 }, etaSeconds: null });
  });

  it('is completed with failures while units of an earlier round are still failed', () => {
    const before = { total: 12, done: 0, found: 0, empty: 0, failed: 12 };
    const one = { units: { ...noUnits, done: 1 }, earlier: { ...noUnits, failed: 1 } };
    const retried = { ...emptyTally, ...one };
    const result = {
      phase: 'completed' as const,
      progress: { ...completedRoot.result!.progress, total: 1, tally: retried },
    };
    const root = { ...completedRoot, before, result };
    const whole = {
      phase: 'completed-with-failures',
      units: { failed: 0 },
      overall: { units: { done: 1, failed: 11 } },
    };
    expect(documentOfRoot(subject, root)).toMatchObject(whole);
    const summary = {
      ...{ format: 1, name: 'orders', round: 1, total: 1, tally: retried, phase: 'completed' as const },
      ...{ startedAt: '2026-01-02T03:00:00.000Z', endedAt: '2026-01-02T03:00:10.000Z' },
      overall: { total: 12, done: 1, found: 0, empty: 0, failed: 11 },
    };
    const document = documentOfSummary(subject, summary, null);
    expect(document).toMatchObject(whole);
    expect(exitStatusOfPhase(document)).toBe(3);
  });

  it('uses the memo when it counts more than the last heartbeat', () => {
    const ahead = { ...tally, units: { ...tally.units, done: 401 } };
    const root = { ...runningRoot, memo: { ...runningRoot.memo!, tally: ahead } };
    expect(documentOfRoot(subject, root).units.done).toBe(401);
    expect(documentOfRoot(subject, { ...root, progress: null }).units.done).toBe(401);
    expect(documentOfRoot(subject, { ...root, memo: null }).units.done).toBe(400);
  });

  it('counts the staged units before the root has said anything', () => {
    const young = { ...runningRoot, memo: null, progress: null };
    expect(documentOfRoot(subject, young, 77)).toMatchObject({ phase: 'preparing', units: { total: 77, done: 0 } });
  });

  it('gives a reason only for a migration that failed', () => {
    const failure = { class: 'SourceMissing', message: 'account east: no container' };
    const failed = { ...runningRoot, state: 'failed' as const, progress: null, failure };
    expect(documentOfRoot(subject, failed)).toMatchObject({ phase: 'failed', failure });
    const cancelled = documentOfRoot(subject, { ...failed, state: 'cancelled' as const });
    expect(cancelled).toMatchObject({ phase: 'cancelled' });
    expect(cancelled).not.toHaveProperty('failure');
  });

  it('merges a later round with the figures of all rounds before it', () => {
    const before = { total: 1_200, done: 1_100, found: 40, empty: 20, failed: 80 };
    // Of the 403 finished units of this round 300 were in place before, 3 were empty and 50 had failed; 50 are new.
    const earlier = { done: 300, found: 10, empty: 3, failed: 50 };
    const root = { ...runningRoot, before, progress: { ...runningRoot.progress!, tally: { ...tally, earlier } } };
    expect(documentOfRoot(subject, root)).toMatchObject({
      units: { total: 1_000, done: 400 },
      overall: { units: { total: 1_200, done: 1_200, found: 33, empty: 19, failed: 31 } },
    });
    const summary = {
      ...{ format: 1, name: 'orders', round: 1, total: 403, tally, phase: 'completed-with-failures' as const },
      ...{ startedAt: '2026-01-02T03:00:00.000Z', endedAt: '2026-01-02T03:00:10.000Z', overall: before },
    };
    expect(documentOfSummary(subject, summary, null).overall).toEqual({ units: before });
  });

  it('reports an ended round from its summary alone', () => {
    const summary = {
      ...{ format: 1, name: 'orders', round: 0, total: 403, tally, phase: 'completed-with-failures' as const },
      startedAt: '2026-01-02T03:00:00.000Z',
      endedAt: '2026-01-02T03:00:10.000Z',
    };
    const document = documentOfSummary({ ...subject, webUi: undefined }, summary, null);
    expect(document).toMatchObject({
      phase: 'completed-with-failures',
      units: { total: 403, done: 400, failed: 1 },
      rate: { blobsPerSecond: 402.1 },
      webUi: null,
      runId: null,
    });
  });

  it('reports a migration that only its control prefix knows', () => {
    const known = { round: 0, total: 9, runId: null, phase: 'preparing' as const, tally: emptyTally };
    const overall = { total: 12, ...noUnits, done: 3 };
    expect(documentOfLedger(subject, { ...known, overall })).toMatchObject({
      phase: 'preparing',
      startedAt: null,
      units: { total: 9 },
      overall: { units: { total: 12, done: 3 } },
    });
  });
});
