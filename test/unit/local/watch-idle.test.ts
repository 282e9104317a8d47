import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchIdle } from '../../../src/local/programs/watch-idle.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('watchIdle', () => {
  const start = (lines: string[] = []) =>
    watchIdle({
      idleMs: 15_000,
      label: 'SeaweedFS 4.48',
      progress: (line) => void lines.push(line),
      signal: new AbortController().signal,
    });

  test('lets a download take any time, as long as something comes', () => {
    const watch = start();
    for (let bytes = 1; bytes <= 100; bytes += 1) {
      vi.advanceTimersByTime(14_999);
      watch.seen(bytes);
    }
    expect(watch.signal.aborted).toBe(false);
    watch.close();
  });

  test('aborts it after the idle time without anything', () => {
    const watch = start();
    watch.seen(1);
    vi.advanceTimersByTime(15_000);
    expect(watch.signal.reason).toEqual(new Error('nothing arrived for 15 s'));
  });

  test('reports the megabytes every 3 s, and no more often', () => {
    const lines: string[] = [];
    const watch = start(lines);
    for (let second = 1; second <= 7; second += 1) {
      vi.advanceTimersByTime(1_000);
      watch.seen(second * 1_500_000);
    }
    watch.close();
    expect(lines).toEqual(['fetching SeaweedFS 4.48: 4.5 MB', 'fetching SeaweedFS 4.48: 9.0 MB']);
  });
});
