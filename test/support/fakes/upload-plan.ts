import { FindingsLog } from '../../../src/domain/findings/findings-log.js';
import { RawPositions } from '../../../src/pipeline/join/raw-bytes.js';
import type { RawState } from '../../../src/pipeline/pack/raw-digest.js';
import type { FoundCheckpoint } from '../../../src/control/checkpoint.js';
import type { UploadPlan } from '../../../src/pipeline/publish/publish-request.js';
import { MemoryControlStore } from './memory-control-store.js';
import type { MemoryObjectTarget } from './memory-object-target.js';

/** The state of a raw digest, for parts that nobody resumes. */
export const rawEnd: RawState = { bytes: 0, crc32: 0, sha256State: '' };

/** A plan for uploads whose checkpoints go to a store of their own. */
export function uploadPlan(
  target: MemoryObjectTarget,
  options: { readonly control?: MemoryControlStore; readonly resume?: FoundCheckpoint } = {},
): UploadPlan {
  const { control = new MemoryControlStore(), resume } = options;
  const place = { base: '.longhaul/orders', control, target, round: 0 };
  return { place, encoder: 'test', positions: new RawPositions(), findings: new FindingsLog(), found: resume, resume };
}
