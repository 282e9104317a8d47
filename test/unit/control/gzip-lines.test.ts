import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gzipLines, gzipText, inflateLines, parseLines } from '../../../src/control/gzip-lines.js';

const read = (bytes: Uint8Array, maxBytes = 1_000) => [...parseLines(inflateLines(bytes, 'k', maxBytes), 'k')];

describe('gzip NDJSON', () => {
  it('reads the lines of all members', () => {
    const bytes = Buffer.concat([gzipLines([{ a: 1 }, { a: 'ä\n' }]), gzipLines([]), gzipLines([{ b: null }])]);
    expect(read(bytes)).toEqual([{ a: 1 }, { a: 'ä\n' }, { b: null }]);
  });

  it('has the same bytes wherever it was packed', async () => {
    expect(Buffer.from(await gzipText('{"a":1}\n')).equals(gzipLines([{ a: 1 }]))).toBe(true);
    expect(gzipLines([])[9]).toBe(255);
  });

  it.each([
    ['nothing at all', Buffer.alloc(0), /is not gzip/],
    ['something else', Buffer.from('{"a":1}\n'), /is not gzip/],
    ['a member that was cut', gzipLines([{ a: 1 }]).subarray(0, -1), /is not gzip/],
    ['zeros after the last member', Buffer.concat([gzipLines([{ a: 1 }]), Buffer.alloc(8)]), /bytes follow/],
    ['a last line without its end', gzipSync('{"a":1}\n{"a"'), /last line has no end/],
    ['a line that is not JSON', gzipSync('{"a":1}\n\n'), /line 2 is not JSON/],
    ['a line that is no record', gzipSync('[]\n'), /line 1 is not a record/],
    ['more than may be held', gzipSync(' '.repeat(1_001)), /inflates to more than 1000 bytes/],
  ])('refuses %s', (_what, bytes, message) => {
    expect(() => read(bytes)).toThrow(expect.objectContaining({ failureClass: 'LedgerMismatch' }));
    expect(() => read(bytes)).toThrow(message);
  });

  it('refuses a line that would take more memory to read than any of ours', () => {
    const line = `{"a":[${'[],'.repeat(400_000)}[]]}\n`;
    expect(() => read(gzipSync(line), 10_000_000)).toThrow(/line 1 has more than 1048576 bytes/);
  });

  it('inflates no more than may be held', () => {
    const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024), { level: 1 });
    const before = process.memoryUsage().arrayBuffers;
    expect(() => inflateLines(bomb, 'k', 1_000_000)).toThrow(/inflates to more/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });
});
