import type { Part } from '../pack/cut-parts.js';
import type { PublishRequest, PublishedObject } from './publish-request.js';
import { identityMetadata } from './object-identity.js';
import { PartSender } from './part-sender.js';
import { settleWrite } from './settle-write.js';
import { crc32Base64 } from '../../domain/text/crc32-base64.js';
import { toFailure } from '../../domain/failure.js';
import { tryAgain } from '../../flow/try-again.js';
import {
  CheckpointWriter,
  givenUp,
  newCheckpoint,
  type CheckpointContent,
  type FoundCheckpoint,
} from '../../control/checkpoint.js';

/**
 * A unit turned out to need more than one part, and the state of its digest cannot be saved. It is moved again with one
 * that can, which only happens to small sources that expand enormously.
 */
export class DigestNotResumable extends Error {}

/** Creates a multipart upload, writes its first checkpoint, sends the parts and completes it. */
export async function startUpload(
  first: Part,
  rest: AsyncIterable<Part>,
  request: PublishRequest,
  signal: AbortSignal,
): Promise<PublishedObject> {
  if (first.rawEnd === undefined) throw new DigestNotResumable();
  const { unit, identity, target, upload: plan } = request;
  const { key } = unit;
  const writer = new CheckpointWriter(unit, plan.place, plan.found);
  const { uploadId } = await tryAgain(() => target.createUpload(key, identityMetadata(identity), signal), signal);
  // Before part 1, because nobody finds an upload that no checkpoint names.
  const content = newCheckpoint({ key, uploadId, manifest: identity.manifest, encoder: plan.encoder }, plan.found);
  await writer.write(content, signal);
  return await sendAndComplete({ first, rest, content, writer }, request, signal);
}

/** Continues a multipart upload: sends the parts after its checkpoint, if any are missing, and completes it. */
export async function continueUpload(
  rest: AsyncIterable<Part>,
  request: PublishRequest,
  found: FoundCheckpoint,
  signal: AbortSignal,
): Promise<PublishedObject> {
  const { format: _format, token: _token, seq: _seq, ...content } = found.checkpoint;
  const writer = new CheckpointWriter(request.unit, request.upload.place, found);
  if (content.completing === undefined)
    return await sendAndComplete({ first: undefined, rest, content, writer }, request, signal);
  try {
    return await complete(content, content.completing, request, signal);
  } catch (error) {
    // It was refused before, in the attempt that sent the parts: this upload may never be completed.
    if (isRefused(error)) await writer.write(givenUp(content), signal);
    throw error;
  }
}

/** Reports whether the store has refused to make an object of the parts that it was sent. */
function isRefused(error: unknown): boolean {
  return ['TargetRace', 'TargetIntegrity'].includes(toFailure(error).failureClass);
}

async function sendAndComplete(
  send: {
    readonly first: Part | undefined;
    readonly rest: AsyncIterable<Part>;
    readonly content: CheckpointContent;
    readonly writer: CheckpointWriter;
  },
  request: PublishRequest,
  signal: AbortSignal,
): Promise<PublishedObject> {
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const upload = new PartSender(send.content, { request, writer: send.writer, signal: either });
  try {
    if (send.first !== undefined) await upload.add(send.first);
    for await (const part of send.rest) await upload.add(part);
    const content = await upload.finish();
    const completing = { raw: request.rawProof(), target: content.position.target };
    await send.writer.write({ ...content, findings: request.upload.findings.all, completing }, signal);
    return await complete(content, completing, request, signal);
  } catch (error) {
    // The upload stays for whoever resumes it from the checkpoint; `cleanUp` aborts it if nobody does.
    ended.abort(new Error('the upload was interrupted'));
    await upload.settle();
    throw error;
  }
}

async function complete(
  { key, uploadId, parts }: CheckpointContent,
  { raw, target: sums }: NonNullable<CheckpointContent['completing']>,
  request: PublishRequest,
  signal: AbortSignal,
): Promise<PublishedObject> {
  const { target } = request;
  const object = { bytes: sums.bytes, crc32: crc32Base64(sums.crc32) };
  await request.storeFindings(raw);
  const settled = await settleWrite(
    {
      ...request,
      object,
      parts: parts.length,
      write: (condition) => target.completeUpload({ key, uploadId, parts, ...object, condition }, signal),
    },
    signal,
  );
  // If another writer has made the upload unnecessary, `cleanUp` aborts it; the checkpoint is kept until then.
  return { ...settled, bytes: sums.bytes, raw };
}
