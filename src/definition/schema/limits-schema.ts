import { z } from 'zod';
import { duration, failedUnits, size } from './amounts.js';
import { section } from './section.js';

/**
 * Bounds of `limits.unitPatience`: one retry takes about a second, and a week outlasts any weekend that nobody watches.
 */
const unitPatienceMs = { min: 1_000, max: 7 * 24 * 3_600_000 };

/** `limits`: what no genuine unit exceeds. */
export const limitsSchema = section({
  blobBytes: size.describe('Uncompressed bytes of one blob').prefault('64GiB'),
  unitBytes: size.describe('Uncompressed bytes of one unit').prefault('5TiB'),
  unitBlobs: z.int().positive().describe('Blobs of one unit').default(1_000_000),
  expansion: z
    .number()
    .positive()
    .describe('Uncompressed bytes per compressed byte of a blob, counted after the first 64 MiB')
    .default(2_000),
  unitPatience: duration
    .superRefine((ms, context) => {
      if (ms >= unitPatienceMs.min && ms <= unitPatienceMs.max) return;
      context.addIssue({ code: 'custom', message: 'it is not between 1s and 168h' });
    })
    .describe(
      "How long a unit's own requests may keep failing while those of others succeed, before it fails; `1s` to `168h`",
    )
    .prefault('30m'),
  failedUnits: failedUnits
    .describe(
      'A number, or a share of the finished units that counts once more than 100 have failed; beyond it, ' +
        'the migration blocks and asks',
    )
    .prefault('5%'),
}).transform(({ unitPatience, ...limits }) => ({ ...limits, unitPatienceMs: unitPatience }));
