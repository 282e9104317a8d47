import type { DecodePlace, DecodePort, DecodeRequest } from '../commands/ports/decode-port.js';
import { Failure, toFailure } from '../domain/failure.js';
import type { Secret } from '../domain/text/secret.js';
import { blobLabel, type SourceBlob } from '../domain/manifest.js';
import type { BlobSource } from '../pipeline/source/blob-source.js';
import { confirmDamage } from '../pipeline/second-decoder/confirm-damage.js';
import { type BlobVerdict, decodeBlob } from '../pipeline/decode/decode-blob.js';
import { streamBlob } from '../pipeline/source/fetch-blob.js';
import { tryAgain } from '../flow/try-again.js';
import type { HttpClient } from '../stores/http/http-pools.js';
import { fileBlob } from './file-blob.js';

/** The parts of the environment that reading from source accounts needs. */
export interface SourceAccess {
  readonly allowInsecureEndpoints: boolean;
  /** Hosts besides Azure's own that may get identity tokens. */
  readonly trustedHosts: readonly string[];
  readonly http?: HttpClient | undefined;
  /** Called with every secret that is found for S3. */
  readonly noteSecret?: ((secret: Secret) => void) | undefined;
  /** Resolves to the value of a credential by its name, or undefined if it is not set. */
  readonly credentials: (name: string) => Promise<Secret | undefined>;
}

/** Decodes a blob where it is, with the same stages as a worker. */
export async function* decodePlace(
  access: SourceAccess,
  ...[request, signal]: Parameters<DecodePort>
): AsyncGenerator<Uint8Array, BlobVerdict> {
  const opened = await openPlace(access, request, signal);
  try {
    const { transform, limits } = request.rules;
    const decoded = decodeBlob(opened.body, { transform, limits, label: blobLabel(opened.blob), signal });
    return yield* withinUnit(decoded, limits.unitBytes);
  } catch (error) {
    signal.throwIfAborted();
    const failure = toFailure(error);
    if (failure.failureClass === 'Unexpected' || opened.again === undefined) throw error;
    throw await confirmDamage(failure, opened.blob, opened.again, signal);
  } finally {
    opened.close();
  }
}

interface OpenBlob {
  readonly blob: SourceBlob;
  readonly body: AsyncIterable<Uint8Array>;
  /** A source to read it from again; undefined if it can be read only once. */
  readonly again: BlobSource | undefined;
  readonly close: () => void;
}

async function openPlace(
  access: SourceAccess,
  { place, rules }: DecodeRequest,
  signal: AbortSignal,
): Promise<OpenBlob> {
  if (place.kind === 'file') {
    const { blob, source, isRegular } = await fileBlob(place.path);
    return { blob, body: source.open(blob, signal), again: isRegular ? source : undefined, close: () => {} };
  }
  if (place.kind === 's3') return await openObject(access, place, signal);
  const { createAzureSource } = await import('../stores/azure/azure-source.js');
  const source = createAzureSource({ accounts: rules.accounts, ...access });
  const { account, container, name } = place;
  try {
    const listed = await tryAgain(() => source.head({ account, container, name }, signal), signal);
    if (listed === undefined) throw new Failure('SourceMissing', `${blobLabel(place)} does not exist`);
    if (listed === 'directory') throw new Failure('SourceMissing', `${blobLabel(place)} is a directory`);
    const blob = { account, container, name, etag: listed.etag, bytes: listed.bytes, md5: listed.md5 };
    return { blob, body: streamBlob(source, blob, signal), again: source, close: () => source.close() };
  } catch (error) {
    source.close();
    throw error;
  }
}

async function openObject(
  { allowInsecureEndpoints, http, noteSecret }: SourceAccess,
  { target, key }: Extract<DecodePlace, { kind: 's3' }>,
  signal: AbortSignal,
): Promise<OpenBlob> {
  const { createS3Target } = await import('../stores/s3/s3-target.js');
  const store = createS3Target({ target, allowInsecureEndpoints, http, noteSecret });
  try {
    const head = await tryAgain(() => store.head(key, signal), signal);
    if (head === undefined) throw new Failure('SourceMissing', `s3://${target.bucket}/${key} does not exist`);
    const blob = {
      account: 's3:/',
      container: target.bucket,
      name: key,
      etag: head.etag,
      bytes: head.bytes,
      md5: null,
    };
    return { blob, body: store.get(key, head.etag, signal), again: undefined, close: () => store.close() };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** A unit consists of at least this blob, so one that is too large for a unit is refused here too. */
async function* withinUnit(
  decoded: AsyncGenerator<Uint8Array, BlobVerdict>,
  unitBytesMax: number,
): AsyncGenerator<Uint8Array, BlobVerdict> {
  let unitBytes = 0;
  try {
    for (;;) {
      const next = await decoded.next();
      if (next.done === true) return next.value;
      unitBytes += next.value.length;
      if (unitBytes > unitBytesMax) {
        const message = `the unit has more than ${String(unitBytesMax)} uncompressed bytes`;
        throw new Failure('LimitExceeded/UnitBytes', message);
      }
      yield next.value;
    }
  } finally {
    await decoded.return(undefined as never);
  }
}
