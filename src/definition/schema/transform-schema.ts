import { z } from 'zod';
import { share } from './amounts.js';
import { section } from './section.js';

/** `transform`: what happens to the bytes between source and target. */
export const transformSchema = section({
  decompress: z.enum(['bzip2', 'gzip', 'auto', 'none']).default('bzip2'),
  trailingGarbage: z.enum(['fail', 'ignore']).describe('Bytes after the last stream of a blob').default('fail'),
  onCorrupt: z.enum(['fail', 'skip-blob']).describe('What happens to a unit with a damaged blob').default('fail'),
  crossCheck: section({ decode: share.prefault('1/10000'), encode: share.prefault('all') })
    .describe('Shares that a second implementation checks')
    .prefault({}),
  join: z
    .enum(['concat', 'lines'])
    .describe('lines: adds a newline after a blob that does not end with one')
    .default('concat'),
  compress: z.enum(['gzip', 'none']).default('gzip'),
  level: z.union([z.enum(['fast', 'standard', 'small']), z.int().min(1).max(9)]).default('standard'),
});
