import { z } from 'zod';
import { share } from './amounts.js';
import { section } from './section.js';

/** `transform`: what happens to the bytes on the way. */
export const transformSchema = section({
  decompress: z.enum(['bzip2', 'gzip', 'auto', 'none']).default('bzip2'),
  trailingGarbage: z.enum(['fail', 'ignore']).describe('Bytes after the last stream of a blob').default('fail'),
  onCorrupt: z.enum(['fail', 'skip-blob']).describe('What a bad blob does to its unit').default('fail'),
  crossCheck: section({ decode: share.prefault('1/10000'), encode: share.prefault('all') })
    .describe('Shares that are proven by a second implementation')
    .prefault({}),
  join: z.enum(['concat', 'lines']).describe('lines: adds the newline that a blob lacks at its end').default('concat'),
  compress: z.enum(['gzip', 'none']).default('gzip'),
  level: z.union([z.enum(['fast', 'standard', 'small']), z.int().min(1).max(9)]).default('standard'),
});
