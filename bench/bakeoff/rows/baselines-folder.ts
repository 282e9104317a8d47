import { join } from 'node:path';

/** Where the programs that Longhaul is compared with are. */
export const baselines = join(import.meta.dirname, '../../baselines');
