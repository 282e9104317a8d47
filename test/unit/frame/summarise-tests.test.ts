import { describe, expect, it } from 'vitest';
import { summarise, type FileResult, type TestResult } from '../../../scripts/lib/summarise-tests.mjs';

type Run = Parameters<typeof summarise>[0];

const passing = file('test/unit/a.test.ts', [['adds', 'passed']]);

describe('a run of tests', () => {
  it('is right when all passed, and closes with the plain counts', () => {
    expect(judge({ files: [passing] })).toEqual({ problems: [], closingLine: '1 passed, 0 failed' });
  });

  it('is wrong when a test failed', () => {
    const verdict = judge({ files: [passing, file('test/e2e/b.test.ts', [['moves', 'failed']])], vitestStatus: 1 });
    expect(verdict).toEqual({ problems: ['Failed: test/e2e/b.test.ts: moves'], closingLine: '1 passed, 1 failed' });
  });

  it.each(['skipped', 'pending', 'todo', 'disabled'] as const)('is wrong when a test is %s', (status) => {
    const verdict = judge({ files: [passing, file('test/e2e/b.test.ts', [['moves', status]])] });
    expect(verdict.problems).toEqual(['Skipped, and that is not expected: test/e2e/b.test.ts: moves']);
    expect(verdict.closingLine).toBe('1 passed, 0 failed, 1 skipped');
  });

  it('is right when the skipped test is an expected one, which is counted all the same', () => {
    const files = [passing, file('test/e2e/b.test.ts', [['moves', 'skipped']])];
    expect(judge({ files, expectedSkips: ['e2e: moves'] })).toEqual({
      problems: [],
      closingLine: '1 passed, 0 failed, 1 skipped',
    });
    expect(judge({ files, expectedSkips: ['unit: moves'] }).problems).toHaveLength(1);
  });

  it('is right when tests were skipped because only a choice was asked for, but not when none of them ran', () => {
    const other = file('test/e2e/b.test.ts', [['moves', 'skipped']]);
    expect(judge({ files: [passing, other], narrowed: true }).problems).toEqual([]);
    expect(judge({ files: [other], narrowed: true }).problems).toEqual(['No test was run.']);
  });

  it('is wrong when a file failed outside of its tests, which counts as one failure', () => {
    const broken = { ...file('test/unit/b.test.ts', []), status: 'failed' };
    expect(judge({ files: [passing, broken], expectedFiles: ['test/unit/b.test.ts'], vitestStatus: 1 })).toEqual({
      problems: ['Failed outside of its tests: test/unit/b.test.ts'],
      closingLine: '1 passed, 1 failed',
    });
  });

  it('is wrong when the runner failed without a failed test, or left no report', () => {
    expect(judge({ files: [passing], vitestStatus: 1 }).closingLine).toBe('1 passed, 1 failed');
    expect(judge({ report: undefined, vitestStatus: 1 })).toMatchObject({ closingLine: '0 passed, 1 failed' });
  });

  it('is wrong when a file was not run, a tier has none, or a file belongs to no tier', () => {
    const verdict = judge({
      files: [passing],
      expectedFiles: ['test/unit/a.test.ts', 'test/unit/b.test.ts'],
      emptyTiers: [{ name: 'workflows' }],
      strayFiles: ['test/elsewhere/c.test.ts'],
    });
    expect(verdict.closingLine).toBe('1 passed, 3 failed');
    expect(verdict.problems).toEqual([
      'Not run: test/unit/b.test.ts',
      'No tests at all: test/workflows',
      'Never run, because its folder is not a tier of scripts/lib/test-tiers.mjs: test/elsewhere/c.test.ts',
    ]);
  });

  it('is right without a tier that cannot run here, which its last line names', () => {
    expect(judge({ files: [passing], skippedTiers: [{ name: 'browser', needs: 'browser' }] })).toEqual({
      problems: [],
      closingLine: '1 passed, 0 failed, tier browser skipped: found no browser (CHROME_PATH can name one)',
    });
  });

  it('says what a cluster takes where its tier cannot run', () => {
    const { closingLine } = judge({ files: [passing], skippedTiers: [{ name: 'cluster', needs: 'cluster' }] });
    expect(closingLine).toContain('tier cluster skipped: found no cluster (it takes root, PostgreSQL, Go');
  });

  it('is wrong when nothing ran', () => {
    expect(judge({ files: [] })).toEqual({ problems: ['No test was run.'], closingLine: '0 passed, 1 failed' });
    expect(judge({ report: undefined }).problems).toEqual(['No test was run.']);
  });
});

function file(path: string, tests: readonly (readonly [string, TestResult['status']])[]): FileResult {
  return {
    name: `/checkout/${path}`,
    status: tests.some(([, status]) => status === 'failed') ? 'failed' : 'passed',
    assertionResults: tests.map(([fullName, status]) => ({ fullName, status })),
  };
}

function judge({ files = [], ...run }: Partial<Run> & { readonly files?: readonly FileResult[] }) {
  return summarise({
    report: { testResults: files },
    vitestStatus: 0,
    expectedSkips: [],
    expectedFiles: [],
    emptyTiers: [],
    skippedTiers: [],
    strayFiles: [],
    narrowed: false,
    top: '/checkout',
    ...run,
  });
}
