import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { formatOf } from '../../../src/explore/format-of.js';
import { writeStream } from '../../support/corpora/bzip2-writer.js';

it.each<[string, Uint8Array]>([
  ['bzip2', writeStream(9, [{ content: Buffer.from('text') }])],
  ['gzip', gzipSync('text')],
  ['zstd', Buffer.from('28b52ffd0458', 'hex')],
  ['parquet', Buffer.from('PAR1\0\0')],
  ['avro', Buffer.from('Obj\u0001\u0002')],
  ['json', Buffer.from('\uFEFF \n{"a": 1}')],
  ['json', Buffer.from('[1, 2]')],
  ['xml', Buffer.from('<?xml version="1.0"?>')],
  ['text', Buffer.from('a,b\tc\r\n1,2,3')],
  ['text', Buffer.from(`${'x'.repeat(63)}ü`).subarray(0, 64)],
  ['binary', Buffer.from([0, 1, 2, 3, 4])],
  ['empty', Buffer.alloc(0)],
])('recognises %s by its first bytes', (format, head) => {
  expect(formatOf(head)).toBe(format);
});
