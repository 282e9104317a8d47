import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { ExpectedUnit } from '../../../local/demo-data/expected-unit.js';
import type { DemoStores } from '../../ports/store-ports.js';

/** The result of reading back every object. */
export interface Verification {
  /** Objects read back. */
  readonly objects: number;
  readonly bytes: { readonly raw: number; readonly target: number };
  readonly differences: number;
  /** The first differences in words, at most {@link differencesMax}. */
  readonly firstDifferences: readonly string[];
}

/** What to verify. */
export interface VerifyRequest {
  readonly expected: AsyncIterable<ExpectedUnit>;
  /** The prefix of this demo's keys, and of no others. */
  readonly keyPrefix: string;
  readonly stores: Pick<DemoStores, 'listKeys' | 'readObject'>;
  readonly progress: (done: { readonly objects: number; readonly bytes: number }) => void;
  readonly signal: AbortSignal;
}

// More would scroll the first off the screen.
const differencesMax = 10;
// Enough to keep two cores busy with inflating and hashing.
const objectsInFlight = 8;

/**
 * Reads back every expected object, inflates it and compares length and SHA-256 with those of the generated text. An
 * object that is not expected is a difference too. All keys are held in memory: a demo has at most a million.
 */
export async function verifyObjects(request: VerifyRequest): Promise<Verification> {
  const { stores, keyPrefix, signal, progress } = request;
  const unexpected = new Set<string>();
  for await (const key of stores.listKeys(keyPrefix, signal)) unexpected.add(key);

  const first: string[] = [];
  let differences = 0;
  const differ = (text: string): void => {
    differences += 1;
    if (first.length < differencesMax) first.push(text);
  };
  let objects = 0;
  const bytes = { raw: 0, target: 0 };
  const units = request.expected[Symbol.asyncIterator]();
  const readOn = async (): Promise<void> => {
    for (let next = await units.next(); next.done !== true; next = await units.next()) {
      const unit = next.value;
      const isThere = unexpected.delete(unit.key);
      if (unit.state === 'failed') {
        if (isThere) differ(`${unit.key}: there is an object, although unit ${unit.id} cannot be complete`);
        continue;
      }
      if (!isThere) {
        differ(`${unit.key}: there is no object for unit ${unit.id}`);
        continue;
      }
      const seen = await readBack(stores.readObject(unit.key, signal), signal);
      objects += 1;
      bytes.raw += seen.rawBytes;
      bytes.target += seen.targetBytes;
      const difference = differenceOf(unit, seen);
      if (difference !== undefined) differ(`${unit.key}: ${difference}`);
      progress({ objects, bytes: bytes.target });
    }
  };
  await Promise.all(Array.from({ length: objectsInFlight }, readOn));
  for (const key of unexpected) differ(`${key}: no unit has this key`);
  return { objects, bytes, differences, firstDifferences: first };
}

interface ReadBack {
  readonly rawBytes: number;
  readonly targetBytes: number;
  readonly sha256: string;
  /** Why it cannot be inflated. */
  readonly problem?: string;
}

async function readBack(object: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<ReadBack> {
  const hash = createHash('sha256');
  let rawBytes = 0;
  let targetBytes = 0;
  try {
    await pipeline(
      Readable.from(object, { objectMode: false }),
      async function* (bytes: AsyncIterable<Uint8Array>) {
        for await (const piece of bytes) {
          targetBytes += piece.length;
          yield piece;
        }
      },
      createGunzip(),
      async (bytes: AsyncIterable<Uint8Array>) => {
        for await (const piece of bytes) {
          rawBytes += piece.length;
          hash.update(piece);
        }
      },
      { signal },
    );
  } catch (error) {
    signal.throwIfAborted();
    if (!isZlibError(error)) throw error;
    return { rawBytes, targetBytes, sha256: '', problem: error.message };
  }
  return { rawBytes, targetBytes, sha256: hash.digest('hex') };
}

function differenceOf(unit: Extract<ExpectedUnit, { state: 'done' }>, seen: ReadBack): string | undefined {
  if (seen.problem !== undefined) return `it cannot be inflated: ${seen.problem}`;
  if (seen.rawBytes !== unit.rawBytes) {
    return `it holds ${String(seen.rawBytes)} bytes of unit ${unit.id}, not ${String(unit.rawBytes)}`;
  }
  return seen.sha256 === unit.sha256 ? undefined : `its SHA-256 is ${seen.sha256}, not ${unit.sha256}`;
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}
