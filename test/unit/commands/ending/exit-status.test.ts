import { describe, expect, it } from 'vitest';
import { CommandError, Interrupted } from '../../../../src/commands/ending/command-error.js';
import { describeError } from '../../../../src/commands/ending/describe-error.js';
import { exitStatusOfPhase } from '../../../../src/commands/status/exit-status-of-phase.js';
import { phaseOfRoot } from '../../../../src/commands/status/phase-of-root.js';
import { DefinitionProblems } from '../../../../src/definition/definition-problems.js';
import { Failure } from '../../../../src/domain/failure.js';
import { LocalStackError } from '../../../../src/local/failure/local-stack-error.js';
import { completedRoot, progress, runningRoot } from '../sample-documents.js';

describe('the exit status of an error', () => {
  it.each([
    ['a wrong migration file', new DefinitionProblems('m.yaml', []), 2],
    ['a missing bucket', new Failure('TargetMissing', 'no bucket'), 2],
    ['a refused credential', new Failure('TargetAuth', 'refused'), 2],
    ['a store that does not answer', new Failure('TargetNetwork', 'refused'), 6],
    ['a failure behind another error', new Error('outer', { cause: new Failure('TargetNetwork', 'refused') }), 6],
    ['a port that is taken', new LocalStackError('usage', 'taken'), 2],
    ['a part of the stack that is not there', new LocalStackError('unreachable', 'gone'), 6],
    ['a verb that says so', new CommandError(5, 'no such migration'), 5],
    ['Ctrl-C', new Interrupted(), 130],
    ['anything else', new TypeError('x is not a function'), 1],
  ] as const)('of %s is its own', (_what, error, status) => {
    expect(describeError(error).exitStatus).toBe(status);
  });

  it('comes with what to do next, from the table of failures if the error does not say', () => {
    expect(describeError(new Failure('TargetMissing', 'no bucket'))).toEqual({
      text: 'no bucket',
      next: 'create the target bucket, or correct target.bucket, region or endpoint',
      class: 'TargetMissing',
      exitStatus: 2,
    });
    expect(describeError(new CommandError(6, 'no answer', { next: 'start it' }))).toMatchObject({ next: 'start it' });
  });
});

describe('the exit status of a phase', () => {
  it.each([
    ['preparing', 0],
    ['running', 0],
    ['pausing', 0],
    ['paused', 0],
    ['completed', 0],
    ['completed-with-failures', 3],
    ['blocked', 7],
    ['cancelled', 8],
    ['failed', 1],
  ] as const)('%s is %d', (phase, status) => {
    expect(exitStatusOfPhase({ name: 'orders', phase, blocked: [] })).toBe(status);
  });

  it('completed-with-failures is 4 for a verification', () => {
    const phase = 'completed-with-failures';
    expect(exitStatusOfPhase({ name: 'verify/orders', phase, blocked: [] })).toBe(4);
  });

  it('blocked is 6 when what is missing is a worker', () => {
    const { at: since } = progress;
    const noWorkers = { what: 'workers', class: 'NoWorkers', message: 'nobody answers', since, units: 1 } as const;
    expect(exitStatusOfPhase({ name: 'orders', phase: 'blocked', blocked: [noWorkers] })).toBe(6);
  });

  it.each([
    ['ConfigError/Credential', 2],
    ['SourceForbidden', 2],
    ['SourceNetwork', 6],
    ['NoSuchClass', 1],
  ])('failed with %s is %d', (failureClass, status) => {
    const failure = { class: failureClass, message: '' };
    expect(exitStatusOfPhase({ name: 'orders', phase: 'failed', blocked: [], failure })).toBe(status);
  });
});

describe('the phase of a root', () => {
  it('is what its memo says while it runs, and preparing before that', () => {
    expect(phaseOfRoot({ ...runningRoot, memo: { ...runningRoot.memo!, phase: 'blocked' } })).toBe('blocked');
    expect(phaseOfRoot({ ...runningRoot, memo: null })).toBe('preparing');
  });

  it('is what its result says once it has completed', () => {
    const result = { ...completedRoot.result!, phase: 'completed-with-failures' as const };
    expect(phaseOfRoot(completedRoot)).toBe('completed');
    expect(phaseOfRoot({ ...completedRoot, result })).toBe('completed-with-failures');
    expect(phaseOfRoot({ ...completedRoot, result: null })).toBe('completed-with-failures');
  });

  it.each([
    ['failed', 'failed'],
    ['terminated', 'failed'],
    ['timed-out', 'failed'],
    ['cancelled', 'cancelled'],
  ] as const)('of a root that is %s is %s', (state, phase) => {
    expect(phaseOfRoot({ ...runningRoot, state })).toBe(phase);
  });
});
