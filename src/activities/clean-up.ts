import pLimit from 'p-limit';
import { controlKeys } from '../control/control-keys.js';
import { Failure } from '../domain/failure.js';
import type { MigrationResources } from '../pipeline/migration-resources.js';
import type { ActivityDependencies } from './activity-dependencies.js';
import type { Activities, CleanUpInput, CleanUpResult } from './activity-messages.js';
import { refuseIfSuperseded } from '../control/owner.js';
import { runControlActivity } from './run-control-activity.js';

// Each is a read, an abort or two and a delete; more at once would only be throttled.
const checkpointsAtOnce = 8;

/**
 * Makes the activity `cleanUp`. It aborts the uploads that checkpoints name and deletes the checkpoints. One whose Complete may have been
 * carried out is kept where the round goes on later: its digests are in no receipt yet. It may be repeated.
 */
export function createCleanUp(deps: Pick<ActivityDependencies, 'openMigration' | 'redact'>): Activities['cleanUp'] {
  return ({ control: address, round, epoch, isFinal }: CleanUpInput): Promise<CleanUpResult> =>
    runControlActivity(
      async ({ cancellationSignal: signal }) => {
        const { resources } = await deps.openMigration(address, round, signal);
        const { control, base } = resources;
        await refuseIfSuperseded(control, base, epoch, signal);
        const limit = pLimit(checkpointsAtOnce);
        let uploadsAborted = 0;
        let checkpointsKept = 0;
        const clean = async (key: string): Promise<void> => {
          const upload = await readUpload(resources, key, signal);
          if (upload === undefined) return;
          for (const id of upload.uploadIds) await resources.target.abortUpload(upload.key, id, signal);
          uploadsAborted += upload.uploadIds.length;
          if (upload.isCompleting && !isFinal) checkpointsKept += 1;
          else await control.delete(key, signal);
        };
        const cleaning = new Set<Promise<void>>();
        for await (const key of control.list(controlKeys.uploads(base, round), signal)) {
          const one = limit(() => clean(key)).finally(() => cleaning.delete(one));
          cleaning.add(one);
          // Listings of any length are walked in bounded memory.
          if (cleaning.size >= 2 * checkpointsAtOnce) await Promise.race(cleaning);
        }
        await Promise.all(cleaning);
        return { uploadsAborted, checkpointsKept };
      },
      () => ({ stage: 'finishing', redact: deps.redact }),
    );
}

interface Upload {
  readonly key: string;
  readonly uploadIds: readonly string[];
  readonly isCompleting: boolean;
}

/** Reads what is needed of a checkpoint, of whatever format: a newer one has these fields too. */
async function readUpload(
  { control }: Pick<MigrationResources, 'control'>,
  checkpointKey: string,
  signal: AbortSignal,
): Promise<Upload | undefined> {
  const object = await control.read(checkpointKey, signal);
  if (object === undefined) return undefined;
  const checkpoint = parse(checkpointKey, object.bytes);
  const { key, uploadId, earlier = [], completing } = checkpoint;
  const uploadIds = [uploadId, ...(Array.isArray(earlier) ? (earlier as readonly unknown[]) : [])];
  if (typeof key !== 'string' || !uploadIds.every((id) => typeof id === 'string')) throw unreadable(checkpointKey);
  return { key, uploadIds, isCompleting: completing !== undefined };
}

function parse(checkpointKey: string, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw unreadable(checkpointKey, cause);
  }
  throw unreadable(checkpointKey);
}

const unreadable = (checkpointKey: string, cause?: unknown): Failure =>
  new Failure('LedgerMismatch', `${checkpointKey} is no checkpoint of an upload`, { cause });
