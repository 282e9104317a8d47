import { describe, expect, it } from 'vitest';
import {
  formatByteRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatEta,
  formatPerSecond,
  formatShare,
} from '../../../../src/domain/text/format.js';

describe('figures for people', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [41_021_330, '41.0 MB'],
    [999_960_000, '1.0 GB'],
    [14.6e12, '14.6 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [400, '0.4 s'],
    [9_960, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [7_620_000, '2 h 07 min'],
    [3_599_700, '1 h 00 min'],
    [28 * 86_400_000 + 4 * 3_600_000, '28 d 4 h'],
  ])('%d ms are %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });

  it('shows how uncertain the time left is', () => {
    const range = { fromSeconds: 6_600, toSeconds: 9_600 };
    expect(formatEta(7_800, range)).toBe('2 h 10 min (1 h 50 min to 2 h 40 min)');
    expect(formatEta(7_800, { fromSeconds: 7_790, toSeconds: 7_800 })).toBe('2 h 10 min');
    expect(formatEta(7_800)).toBe('2 h 10 min');
  });

  it('never rounds a share up to the whole', () => {
    expect([formatShare(0.401), formatShare(0.99999), formatShare(1)]).toEqual(['40.1 %', '99.9 %', '100.0 %']);
  });

  it('separates thousands, and gives rates a decimal only where it matters', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567');
    expect(formatPerSecond(312.46)).toBe('312.5/s');
    expect(formatPerSecond(1_204.4)).toBe('1,204/s');
    expect(formatByteRate(3_210_000)).toBe('3.2 MB/s');
  });
});
