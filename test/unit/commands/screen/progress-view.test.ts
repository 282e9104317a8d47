import { describe, expect, it } from 'vitest';
import { openBarView } from '../../../../src/commands/screen/open-bar-view.js';
import { openProgressView } from '../../../../src/commands/screen/open-progress-view.js';
import type { ProgressFrame } from '../../../../src/commands/screen/progress-view.js';
import { fakeContext, keptOutput } from '../fake-context.js';

const frame = (done: number, rows: readonly string[] = []): ProgressFrame => ({
  ...{ done, total: 10, head: `head ${String(done)}`, rows, line: `line ${String(done)}` },
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

  it('repeats no line', () => {
    const context = fakeContext();
    const view = openProgressView(context);
    view.show(frame(1));
    context.clock.nowMs += 60_000;
    view.show(frame(1));
    expect(context.err.text()).toBe('line 1\n');
  });

  it('passes on what is said at once', () => {
    const context = fakeContext();
    openProgressView(context, 2_000).note('a warning');
    expect(context.err.text()).toBe('a warning\n');
  });
});

describe('progress on a terminal', () => {
  it('draws a bar with the rows below it, and takes away rows that are no more', () => {
    const output = terminal();
    const view = openBarView(output);
    view.show(frame(5, ['first row', 'second row']));
    view.close();
    expect(output.text()).toMatch(/█{15}░{15} head 5[^]*first row[^]*second row/);

    const later = terminal();
    const shrinking = openBarView(later);
    shrinking.show(frame(5, ['first row', 'second row']));
    shrinking.show(frame(6, ['only row']));
    shrinking.close();
    expect(later.text()).toMatch(/head 6[^]*only row/);
    expect(later.text().slice(later.text().lastIndexOf('head 6'))).not.toContain('second row');
  });

  it('shows a bounded number of rows', () => {
    const output = terminal();
    const view = openBarView(output);
    view.show(
      frame(
        1,
        Array.from({ length: 20 }, (_, index) => `row ${String(index)};`),
      ),
    );
    view.close();
    expect(output.text()).toContain('… and 8 more');
    expect(output.text()).not.toContain('row 12;');
  });
});

function terminal() {
  const output = keptOutput(true);
  return Object.assign(output, { stream: Object.assign(output.stream, { isTTY: true, columns: 120, rows: 40 }) });
}
