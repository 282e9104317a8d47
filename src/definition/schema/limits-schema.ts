import { z } from 'zod';
import { failedUnits, size } from './amounts.js';
import { section } from './section.js';

/** `limits`: what no genuine unit exceeds. */
export const limitsSchema = section({
  blobBytes: size.describe('Uncompressed bytes of one blob').prefault('64GiB'),
  unitBytes: size.describe('Uncompressed bytes of one unit').prefault('5TiB'),
  unitBlobs: z.int().positive().default(1_000_000),
  expansion: z.number().positive().describe('Uncompressed : compressed bytes of a blob, after 64 MiB').default(2_000),
  failedUnits: failedUnits.describe('Share of the finished units, or a number').prefault('5%'),
});
