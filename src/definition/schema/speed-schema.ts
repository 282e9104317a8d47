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
    .describe('Per worker process; auto: 16, and less where memory is short')
    .default('auto'),
  bytesPerSecond: z
    .union([z.literal('unlimited'), rate])
    .superRefine((rate, context) => {
      if (rate === 'unlimited' || rate >= bytesPerSecondMin) return;
      context.addIssue({ code: 'custom', message: 'it is less than 64KiB' });
    })
    .describe('Per worker process')
    .default('unlimited'),
  heartbeatTimeout: duration
    .superRefine((ms, context) => {
      if (ms >= heartbeatTimeoutMs.min && ms <= heartbeatTimeoutMs.max) return;
      context.addIssue({ code: 'custom', message: 'it is not between 1s and 1h' });
    })
    .prefault('60s'),
}).transform(({ heartbeatTimeout, ...speed }) => ({ ...speed, heartbeatTimeoutMs: heartbeatTimeout }));
