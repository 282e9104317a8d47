import { z } from 'zod';
import { bytesPerSecondMin } from '../../domain/definition.js';
import { duration, rate } from './amounts.js';
import { section } from './section.js';

/**
 * Bounds of `speed.heartbeatTimeout`: below, a busy worker would seem dead; above, a dead one would go unnoticed for
 * hours.
 */
const heartbeatTimeoutMs = { min: 1_000, max: 3_600_000 };

/** `speed`: what may change while the migration runs. */
export const speedSchema = section({
  unitsInFlight: z
    .union([z.literal('auto'), z.int().positive()])
    .describe(
      'Units that a worker process moves at once; a number, or `auto`: 16 to 64, and fewer where memory is short',
    )
    .default('auto'),
  bytesPerSecond: z
    .union([z.literal('unlimited'), rate])
    .superRefine((rate, context) => {
      if (rate === 'unlimited' || rate >= bytesPerSecondMin) return;
      context.addIssue({ code: 'custom', message: 'it is less than 64KiB' });
    })
    .describe('Source bytes a second per worker process; at least `64KiB`, or `unlimited`')
    .prefault('unlimited'),
  heartbeatTimeout: duration
    .superRefine((ms, context) => {
      if (ms >= heartbeatTimeoutMs.min && ms <= heartbeatTimeoutMs.max) return;
      context.addIssue({ code: 'custom', message: 'it is not between 1s and 1h' });
    })
    .describe('How long a worker may be silent before its slices go to others; `1s` to `1h`')
    .prefault('60s'),
}).transform(({ heartbeatTimeout, ...speed }) => ({ ...speed, heartbeatTimeoutMs: heartbeatTimeout }));
