import { crc32 } from 'node:zlib';
import type { Definition } from '../domain/definition.js';
import { Failure, toFailure } from '../domain/failure.js';
import type { StagedUnit } from '../domain/unit.js';
import type { Part } from './cut-parts.js';
import { identityMetadata, type ObjectIdentity } from './object-identity.js';
import type { ObjectTarget, StoredPart, WriteCondition } from './object-target.js';
import type { ProcessResources } from './process-resources.js';
import { publish, type Published } from './publish.js';
import { crc32Base64, type RawProof } from './raw-digest.js';
import { settled, type Settled } from './settled.js';
import { tryAgain } from './try-again.js';

/** Where the parts of one unit go. */
export interface Load {
  readonly unit: StagedUnit;
  readonly identity: ObjectIdentity;
  readonly overwrite: Definition['target']['overwrite'];
  readonly target: ObjectTarget;
  readonly condition: WriteCondition;
  readonly ahead: ProcessResources['ahead'];
  /** Gives the raw digests; asked once all parts were taken. */
  readonly rawProof: () => RawProof;
}

/** What was published, with its length and raw digests. */
export interface Loaded extends Published {
  readonly bytes: number;
  readonly raw: RawProof;
}

/** Publishes a unit's parts as one object: a single part with one put, more with a multipart upload. */
export async function loadObject(parts: AsyncGenerator<Part>, load: Load, signal: AbortSignal): Promise<Loaded> {
  try {
    const first = await parts.next();
    if (first.done === true) throw new Failure('InternalPlanError', `${load.unit.key}: there is nothing to put`);
    return first.value.last
      ? await putObject(first.value, load, signal)
      : await uploadObject(first.value, parts, load, signal);
  } finally {
    await parts.return(undefined); // Ends the stages before it where the load failed.
  }
}

async function putObject(part: Part, load: Load, signal: AbortSignal): Promise<Loaded> {
  const { unit, identity, target } = load;
  const { body } = part;
  const raw = load.rawProof();
  const request = { key: unit.key, body, crc32: crc32Base64(crc32(body)), metadata: identityMetadata(identity, raw) };
  const published = await publish(
    {
      ...load,
      bytes: body.length,
      crc32: request.crc32,
      parts: 1,
      body,
      write: (condition) => target.put({ ...request, condition }, signal),
    },
    signal,
  );
  return { ...published, bytes: body.length, raw };
}

async function uploadObject(first: Part, rest: AsyncIterable<Part>, load: Load, signal: AbortSignal): Promise<Loaded> {
  const { unit, identity, target } = load;
  const { uploadId } = await tryAgain(() => target.createUpload(unit.key, identityMetadata(identity), signal), signal);
  const ended = new AbortController();
  const upload = new PartUpload(load, uploadId, AbortSignal.any([signal, ended.signal]));
  try {
    await upload.add(first);
    for await (const part of rest) await upload.add(part);
    const sent = await upload.finish();
    const complete = { key: unit.key, uploadId, ...sent };
    const published = await publish(
      {
        ...load,
        bytes: sent.bytes,
        crc32: sent.crc32,
        parts: sent.parts.length,
        write: (condition) => target.completeUpload({ ...complete, condition }, signal),
      },
      signal,
    );
    // An upload that another writer made needless stays open, and is paid for, until it is aborted.
    if (published.state === 'found') await abortUpload(load, uploadId);
    return { ...published, bytes: sent.bytes, raw: load.rawProof() };
  } catch (error) {
    // A part that arrives after the abort would stay, and be paid for.
    ended.abort(new Error('the upload was ended'));
    await upload.settle();
    await abortAfter(error, load, uploadId);
    throw error;
  }
}

/** Sends parts, a few at a time: the first always, more while the process's budget has room for their bytes. */
class PartUpload {
  readonly #underWay = new Set<Promise<void>>();
  readonly #stored: StoredPart[] = [];
  #failed: { readonly error: unknown } | undefined;
  #crc32 = 0;
  #bytes = 0;

  constructor(
    readonly load: Load,
    readonly uploadId: string,
    readonly signal: AbortSignal,
  ) {}

  /** Takes a part and returns when the next may be filled. */
  async add(part: Part): Promise<void> {
    this.#crc32 = crc32(part.body, this.#crc32);
    this.#bytes += part.body.length;
    let budgetBytes = 0;
    // Once a part has failed, no budget is taken that nobody would give back.
    while (this.#underWay.size > 0 && this.#failed === undefined) {
      const room = this.#underWay.size < partsInFlightMax && this.load.ahead.tryAcquire(part.body.length);
      if (room) {
        budgetBytes = part.body.length;
        break;
      }
      await Promise.race(this.#underWay);
    }
    if (this.#failed !== undefined) throw this.#failed.error;
    const sending = settled(this.#send(part)).then((result: Settled<StoredPart>) => {
      this.#underWay.delete(sending);
      this.load.ahead.release(budgetBytes);
      if ('error' in result) this.#failed ??= result;
      else this.#stored.push(result.value);
    });
    this.#underWay.add(sending);
  }

  /** Waits for all parts; gives them in order with the object's length and CRC-32. */
  async finish(): Promise<{ readonly parts: readonly StoredPart[]; readonly crc32: string; readonly bytes: number }> {
    await Promise.all(this.#underWay);
    if (this.#failed !== undefined) throw this.#failed.error;
    const parts = this.#stored.sort((a, b) => a.number - b.number);
    return { parts, crc32: crc32Base64(this.#crc32), bytes: this.#bytes };
  }

  /** Waits until nothing is under way, however it ended. */
  async settle(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #send(part: Part): Promise<StoredPart> {
    const { target, unit } = this.load;
    const request = {
      key: unit.key,
      uploadId: this.uploadId,
      number: part.number,
      body: part.body,
      crc32: crc32Base64(crc32(part.body)),
    };
    return tryAgain(() => target.uploadPart(request, this.signal), this.signal);
  }
}

const partsInFlightMax = 3;

/** Aborts an upload whose unit fails or stops: nothing can continue it yet. The first failure stays the one that is told. */
async function abortAfter(error: unknown, load: Load, uploadId: string): Promise<void> {
  const aborted = await settled(abortUpload(load, uploadId));
  if (!('error' in aborted)) return;
  const failure = toFailure(error);
  const reason = toFailure(aborted.error).message;
  throw new Failure(
    failure.failureClass,
    `${failure.message}; its multipart upload stays open: ${reason}`,
    failure.context,
  );
}

/** Aborts with a signal of its own: the unit's may be aborted already. */
async function abortUpload(load: Load, uploadId: string): Promise<void> {
  await load.target.abortUpload(load.unit.key, uploadId, AbortSignal.timeout(abortPatienceMs));
}

const abortPatienceMs = 5_000;
