import type { Definition } from '../../domain/definition.js';
import type { BlobVerdict } from '../../pipeline/decode/decode-blob.js';

/** Where a blob to decode lies: in a file of this machine, in a source account of the migration file, or, of units, in a bucket. */
export type DecodePlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'azure'; readonly account: string; readonly container: string; readonly name: string }
  | { readonly kind: 's3'; readonly target: Definition['target']; readonly key: string };

/** As much of a definition as decoding one blob needs. */
export interface DecodeRules {
  readonly transform: Pick<Definition['transform'], 'decompress' | 'trailingGarbage'>;
  readonly limits: Pick<Definition['limits'], 'blobBytes' | 'unitBytes' | 'expansion'>;
  readonly accounts: Definition['accounts'];
}

/** One blob to decode. */
export interface DecodeRequest {
  readonly place: DecodePlace;
  readonly rules: DecodeRules;
}

/**
 * Decodes one blob as a migration would, gives its bytes and at the end the verdict. Fails with a `Failure` of the class that the unit would
 * have: a damaged blob is first read again and given to the second decoder, whose word is part of the message, and the cause tells stream,
 * block and byte offset. A file that cannot be read is a `CommandError`. When the caller stops early, everything is closed.
 */
export type DecodePort = (request: DecodeRequest, signal: AbortSignal) => AsyncGenerator<Uint8Array, BlobVerdict>;
