import { z } from 'zod';
import { share } from './amounts.js';
import { section } from './section.js';

/** `transform`: what happens to the bytes between source and target. */
export const transformSchema = section({
  decompress: z
    .enum(['bzip2', 'gzip', 'auto', 'none'])
    .describe('The format of the blobs; `auto` decides by the first bytes, `none` takes them as they are')
    .default('bzip2'),
  trailingGarbage: z.enum(['fail', 'ignore']).describe("Bytes after a blob's last stream").default('fail'),
  onCorrupt: z.enum(['fail', 'skip-blob']).describe('A damaged blob: fail its unit, or skip the blob').default('fail'),
  crossCheck: section({ decode: share.prefault('1/10000'), encode: share.prefault('all') })
    .describe('Shares checked by a second implementation: `decode` of the blobs, `encode` of the segments')
    .prefault({}),
  join: z.enum(['concat', 'lines']).describe('`lines` adds missing final newlines').default('concat'),
  compress: z.enum(['gzip', 'none']).describe('The format of the objects').default('gzip'),
  level: z
    .union([z.enum(['fast', 'standard', 'small']), z.int().min(1).max(9)])
    .describe('`fast`, `standard` or `small`, by an encoder made for logs, or 1 to 9, by zlib')
    .default('standard'),
});
