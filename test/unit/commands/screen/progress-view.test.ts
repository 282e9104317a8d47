import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../../../src/commands/screen/display-width.js';
import { layOutFrame } from '../../../../src/commands/screen/lay-out-frame.js';
import { openBarView } from '../../../../src/commands/screen/open-bar-view.js';
import { openProgressView } from '../../../../src/commands/screen/open-progress-view.js';
import type { ProgressFrame } from '../../../../src/commands/screen/progress-view.js';
import { migrationFrame } from '../../../../src/commands/status/migration-frame.js';
import { fakeContext, keptOutput } from '../fake-context.js';
import { runningDocument } from '../sample-documents.js';
import { screenOf } from '../../../support/programs/screen-of.js';

const frame = (done: number, rows: readonly string[] = []): ProgressFrame => ({
  ...{ done, total: 10, head: [`head ${String(done)}`], rows: rows.map((row) => [row]), line: `line ${String(done)}` },
});

const runningFrame = migrationFrame(runningDocument, {
  ...{ nowMs: Date.parse('2026-01-02T03:04:05.000Z'), invocation: 'longhaul', operand: 'orders' },
});

describe('progress without a terminal', () => {
  it('is quiet at first, then a line at most every ten seconds', () => {
    const context = fakeContext();
    const view = openProgressView(context, 2_000);
    for (let second = 0; second <= 23; second += 1) {
      view.show(frame(second));
      context.clock.nowMs += 1_000;
    }
    view.close();
    expect(context.err.text()).toBe('line 2\nline 12\nline 22\n');
  });

  it('is a line at once when the state changes', () => {
    const context = fakeContext();
    const view = openProgressView(context);
    for (const [second, state] of ['running', 'running', 'blocked', 'blocked'].entries()) {
      view.show({ ...frame(second), state });
      context.clock.nowMs += 1_000;
    }
    expect(context.err.text()).toBe('line 0\nline 2\n');
  });

  it('repeats no line', () => {
    const context = fakeContext();
    const view = openProgressView(context);
    view.show(frame(1));
    context.clock.nowMs += 60_000;
    view.show(frame(1));
    expect(context.err.text()).toBe('line 1\n');
  });

  it('passes messages on at once', () => {
    const context = fakeContext();
    openProgressView(context, 2_000).note('a warning');
    expect(context.err.text()).toBe('a warning\n');
  });

  it('is not shown where only warnings are wanted', () => {
    const context = fakeContext({ isQuiet: true });
    const view = openProgressView(context);
    view.show(frame(1));
    view.note('a warning');
    view.close();
    expect(context.err.text()).toBe('a warning\n');
  });
});

describe('progress on a terminal', () => {
  it('draws a bar with rows below it, and removes rows that are gone', () => {
    const screen = terminal(120);
    screen.view.show(frame(5, ['first row', 'second row']));
    screen.tick();
    expect(screen.lines()).toEqual(['█'.repeat(15) + '░'.repeat(15) + ' head 5', '  first row', '  second row', '']);
    screen.view.show(frame(6, ['only row']));
    screen.view.close();
    expect(screen.lines()).toEqual(['█'.repeat(18) + '░'.repeat(12) + ' head 6', '  only row', '']);
  });

  it('shows a bounded number of rows', () => {
    const screen = terminal(120);
    screen.view.show(
      frame(
        1,
        Array.from({ length: 30 }, (_, index) => `row ${String(index)};`),
      ),
    );
    screen.view.close();
    expect(screen.lines()).toContain('  … and 12 more lines');
    expect(screen.lines()).not.toContain('  row 18;');
  });

  it('keeps messages above the bar', () => {
    const screen = terminal(120);
    screen.view.show(frame(5));
    screen.view.note('a warning');
    expect(screen.lines()).toEqual(['a warning', '█'.repeat(15) + '░'.repeat(15) + ' head 5', '']);
  });

  it('draws no more often than five times a second, and the last frame in any case', () => {
    const screen = terminal(120);
    for (let done = 0; done <= 9; done += 1) screen.view.show(frame(done));
    expect(screen.output.text()).not.toContain('head 9');
    screen.view.close();
    expect(screen.lines().join('\n')).toContain('head 9');
  });

  it.each([
    [60, 30],
    [200, 40],
    [40, 200],
  ])('leaves nothing behind when the terminal changes from %d to %d columns', (before, after) => {
    const screen = terminal(before);
    screen.view.show(runningFrame);
    const fitting = [...layOutFrame(runningFrame, { columns: after, rows: 24 }), ''];
    screen.resize(after);
    expect(screen.lines()).toEqual(fitting);
    screen.view.close();
    expect(screen.lines()).toEqual(fitting);
  });
});

describe('a frame', () => {
  const figures = [
    ...['running: 403 of 1,000 units (40.3 %)', '3 found', '2 empty', '1 failed', 'ETA 19 s', '31.2 units/s'],
    ...['4,021 blobs at 312.5/s', '41.0 MB in at 3.2 MB/s', '39.8 MB out at 3.1 MB/s'],
  ];

  it.each([40, 60, 80, 200])('of %d columns fits, with every figure whole', (columns) => {
    const lines = layOutFrame(runningFrame, { columns, rows: 24 });
    expect(Math.max(...lines.map(displayWidth))).toBeLessThan(columns);
    // Beside the bar of a very narrow terminal the first figure is cut, and ends in an ellipsis.
    const whole = columns < 60 ? figures.slice(1) : figures;
    for (const figure of whole) expect(lines.some((line) => line.includes(figure))).toBe(true);
  });

  it('has a bar that shrinks with the terminal', () => {
    const widths = [200, 80, 60, 20].map(
      (columns) => /^[█░]+/.exec(layOutFrame(frame(5), { columns, rows: 24 })[0] ?? '')?.[0].length,
    );
    expect(widths).toEqual([30, 20, 15, 8]);
  });

  it('cuts a word that is longer than a line, but no number', () => {
    const [, line] = layOutFrame(frame(5, [`unit-${'x'.repeat(50)}-20190731-and-more`]), { columns: 64, rows: 24 });
    expect(line).toBe(`  unit-${'x'.repeat(50)}-…`);
  });

  it('counts wide characters as two columns and combining marks as none', () => {
    const lines = layOutFrame(frame(5, ['移行'.repeat(40), 'e\u0301'.repeat(57)]), { columns: 60, rows: 24 });
    expect(lines[1]).toMatch(/^ {2}(移行)+移?…$/);
    expect(displayWidth(lines[1] ?? '')).toBeLessThan(60);
    expect(lines[2]).not.toContain('…');
  });
});

function terminal(columns: number) {
  const context = fakeContext();
  const output = keptOutput(true);
  const stream = Object.assign(output.stream, { isTTY: true, columns });
  const view = openBarView({ err: { ...output, stream }, now: context.now });
  const widths = [{ from: 0, columns }];
  return {
    ...{ view, output },
    tick: () => (context.clock.nowMs += 1_000),
    resize: (to: number) => {
      widths.push({ from: output.text().length, columns: to });
      stream.columns = to;
      stream.emit('resize');
    },
    lines: () => screenOf(output.text(), widths),
  };
}
