import type { Definition } from '../../domain/definition.js';
import type { BlobVerdict } from '../../pipeline/decode/decode-blob.js';

/** Where a blob to decode is: in a local file, in an account of the migration file or, for units files, in a bucket. */
export type DecodePlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'azure'; readonly account: string; readonly container: string; readonly name: string }
  | { readonly kind: 's3'; readonly target: Definition['target']; readonly key: string };

/** The part of a definition that decoding one blob needs. */
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
 * Decodes one blob as a migration would: yields its bytes and returns the verdict. Fails with a `Failure` of the class
 * that the unit would have. A damaged blob is first read again and given to the second decoder, whose finding is part
 * of the message; the cause has stream, block and byte offset. A file that cannot be read is a `CommandError`. Stopping
 * early closes everything.
 */
export type DecodePort = (request: DecodeRequest, signal: AbortSignal) => AsyncGenerator<Uint8Array, BlobVerdict>;
