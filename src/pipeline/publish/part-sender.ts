import { crc32 } from 'node:zlib';
import { Failure } from '../../domain/failure.js';
import type { Part } from '../pack/cut-parts.js';
import type { PublishRequest } from './publish-request.js';
import type { StoredPart } from './object-target.js';
import { crc32Base64 } from '../../domain/text/crc32-base64.js';
import type { RawState } from '../pack/raw-digest.js';
import { settled } from '../../flow/settled.js';
import { tryAgain } from '../../flow/try-again.js';
import type { CheckpointContent, CheckpointWriter } from '../../control/checkpoint.js';

/** Where a part ends: known when the part is taken, needed when it is durable. */
interface PartEnd {
  readonly raw: RawState;
  readonly target: { readonly bytes: number; readonly crc32: number };
}

/**
 * Sends parts a few at a time: the first always, more while the process's budget has room for their bytes. Once parts
 * are durable, never before, the checkpoint is written with the longest run of parts without a gap: one write at a
 * time, always the newest state. The run that includes the last part is left to whoever completes the upload: a process
 * that resumed after the end would add a second end.
 */
export class PartSender {
  readonly #underWay = new Set<Promise<void>>();
  readonly #ends = new Map<number, PartEnd>();
  readonly #durable = new Map<number, StoredPart>();
  #content: CheckpointContent;
  #lastNumber: number | undefined;
  #whole: CheckpointContent | undefined;
  #taken: PartEnd['target'];
  #saving: Promise<void> | undefined;
  #failed: { readonly error: unknown } | undefined;

  constructor(
    content: CheckpointContent,
    private readonly means: {
      readonly request: PublishRequest;
      readonly writer: CheckpointWriter;
      readonly signal: AbortSignal;
    },
  ) {
    this.#content = content;
    this.#taken = content.position.target;
  }

  /** Takes a part, and returns when the next one may be filled. */
  async add(part: Part): Promise<void> {
    const { ahead } = this.means.request;
    const { body, number, rawEnd } = part;
    if (rawEnd === undefined)
      throw new Failure('InternalPlanError', 'the digest of a multipart upload is not resumable');
    this.#taken = { bytes: this.#taken.bytes + body.length, crc32: crc32(body, this.#taken.crc32) };
    if (part.last) this.#lastNumber = number;
    this.#ends.set(number, { raw: rawEnd, target: this.#taken });
    let budgetBytes = 0;
    // After a part has failed, take no budget: nobody would give it back.
    while (this.#underWay.size > 0 && this.#failed === undefined) {
      if (this.#underWay.size < partsInFlightMax && ahead.tryAcquire(body.length)) {
        budgetBytes = body.length;
        break;
      }
      await Promise.race(this.#underWay);
    }
    this.#throwFailed();
    const sending = settled(this.#send(part)).then((result) => {
      this.#underWay.delete(sending);
      ahead.release(budgetBytes);
      if ('error' in result) this.#failed ??= result;
      else this.#stored(result.value);
    });
    this.#underWay.add(sending);
  }

  /** Waits for all parts and returns the checkpoint of them all, to be written by whoever completes the upload. */
  async finish(): Promise<CheckpointContent> {
    await this.settle();
    this.#throwFailed();
    const { key } = this.#content;
    if (this.#whole === undefined) throw new Failure('InternalPlanError', `${key}: the last part was not sent`);
    return this.#whole;
  }

  /** Waits until no request is in flight, however they end. */
  async settle(): Promise<void> {
    await Promise.all(this.#underWay);
    await this.#saving;
  }

  #throwFailed(): void {
    if (this.#failed !== undefined) throw this.#failed.error;
  }

  #send({ number, body }: Part): Promise<StoredPart> {
    const { request, signal } = this.means;
    const { uploadId, key } = this.#content;
    const part = { key, uploadId, number, body, crc32: crc32Base64(crc32(body)) };
    return tryAgain(() => request.target.uploadPart(part, signal), signal);
  }

  /** Extends the run without a gap by the parts that are durable by now, and saves it. */
  #stored(part: StoredPart): void {
    this.#durable.set(part.number, part);
    const parts = [...this.#content.parts];
    let { position } = this.#content;
    const { positions, findings } = this.means.request.upload;
    for (
      let next = this.#durable.get(parts.length + 1);
      next !== undefined;
      next = this.#durable.get(parts.length + 1)
    ) {
      const end = this.#ends.get(next.number);
      if (end === undefined)
        throw new Failure('InternalPlanError', `part ${String(next.number)} was stored but not taken`);
      parts.push(next);
      this.#durable.delete(next.number);
      this.#ends.delete(next.number);
      position = { ...positions.at(end.raw.bytes), ...end };
    }
    if (parts.length === this.#content.parts.length) return;
    const content = { ...this.#content, parts, position, findings: findings.before(position.blob) };
    if (parts.length === this.#lastNumber) {
      this.#whole = content;
      return;
    }
    this.#content = content;
    this.#saving ??= this.#save();
  }

  async #save(): Promise<void> {
    let saved: CheckpointContent | undefined;
    while (saved !== this.#content && this.#failed === undefined) {
      const newest = this.#content;
      const result = await settled(this.means.writer.write(newest, this.means.signal));
      if ('error' in result) this.#failed ??= result;
      else this.means.request.upload.partsDurable?.();
      saved = newest;
    }
    this.#saving = undefined;
  }
}

const partsInFlightMax = 3;
