import { Failure } from '../../domain/failure.js';
import { listedBytes, type Manifest } from '../../domain/manifest.js';
import type { Comparison } from '../../domain/receipt.js';
import { crc32Base64 } from '../../domain/text/crc32-base64.js';
import { partSizeBytes } from '../../domain/target/part-plan.js';
import { readCheckpoint } from '../../control/checkpoint.js';
import { controlRound } from '../../control/control-prefix.js';
import { tryAgain } from '../../flow/try-again.js';
import type { RawProof } from '../pack/raw-digest.js';
import type { ObjectIdentity, WrittenObject } from '../publish/object-identity.js';
import type { TargetHead, WriteCondition } from '../publish/object-target.js';
import { proveObject, type ProvenObject } from '../publish/prove-object.js';
import { decideTarget } from '../publish/target-decision.js';
import type { UnitJob } from './unit-job.js';

/**
 * What to do about a unit's key: keep the object that is there, proven whole, or write under a condition; and what was
 * compared to decide it.
 */
export type TargetState =
  | { readonly act: 'keep'; readonly head: TargetHead; readonly raw: RawProof; readonly compared: Comparison }
  | { readonly act: 'write'; readonly condition: WriteCondition; readonly compared?: Comparison };

/**
 * Asks for the object under a unit's key first if that may save moving bytes, or must come before a replacement;
 * otherwise the conditional put will tell. Fails with `TargetConflict` if an object is there that must not be touched.
 */
export async function lookAtTarget(job: UnitJob, manifest: Manifest, identity: ObjectIdentity): Promise<TargetState> {
  const { unit, resources, signal } = job;
  const { overwrite } = resources.record.definition.target;
  const sourceBytes = listedBytes(manifest.blobs);
  const ask =
    job.askFirst || overwrite !== 'never' || unit.previous !== undefined || sourceBytes > partSizeBytes(sourceBytes, 1);
  if (!ask) return { act: 'write', condition: { kind: 'absent' } };
  const head = await tryAgain(() => resources.target.head(unit.key, signal), signal);
  const { previous, repair } = unit;
  const decision = decideTarget(head, { identity, previous, overwrite, repair });
  const whole = decision.act === 'keep' ? await prove(job, manifest, decision.head) : undefined;
  const compared = comparison(unit, head);
  if (decision.act === 'keep' && whole !== undefined)
    return { act: 'keep', head: decision.head, raw: whole.raw, compared: { ...compared, proof: whole.by } };
  const definite = decision.act === 'keep' ? decision.ifNotWhole : decision;
  if (definite.act === 'refuse') throw new Failure('TargetConflict', `${unit.key}: ${definite.reason}`);
  const isWorthTelling = head !== undefined || unit.previous !== undefined;
  return { ...definite, ...(isWorthTelling && { compared }) };
}

function comparison({ previous }: UnitJob['unit'], head: TargetHead | undefined): Comparison {
  return {
    ...(previous !== undefined && { earlier: { etag: previous.etag, manifest: previous.manifest } }),
    etag: head?.etag ?? null,
  };
}

function prove(job: UnitJob, manifest: Manifest, head: TargetHead): Promise<ProvenObject | undefined> {
  const { unit, resources, signal } = job;
  const evidence = {
    target: resources.target,
    compress: resources.record.definition.transform.compress,
    manifest: manifest.digest,
    previous: unit.previous,
    completing: () => writtenByCheckpoint(job, manifest),
  };
  return proveObject(unit, head, evidence, signal);
}

/** Returns what an attempt that died after sending its Complete has left in its checkpoint. */
async function writtenByCheckpoint(job: UnitJob, manifest: Manifest): Promise<WrittenObject | undefined> {
  if (!job.askFirst) return undefined;
  const found = await readCheckpoint(job.unit, controlRound(job.resources), job.signal);
  const { completing, manifest: of } = found?.checkpoint ?? {};
  if (completing === undefined || of !== manifest.digest) return undefined;
  const { bytes, crc32 } = completing.target;
  return { object: { bytes, crc32: crc32Base64(crc32) }, raw: completing.raw };
}
