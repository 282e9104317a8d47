import type { FailureClass } from '../../domain/failure-classes.js';
import { Failure } from '../../domain/failure.js';

/** Where the damage is in the compressed bytes of a blob. */
export interface DamagePlace {
  /** A bzip2 stream or gzip member, counted from 1; for bytes after the last one, that one. Absent before the first. */
  readonly stream: number | undefined;
  /** Block of a bzip2 stream, counted from 1; absent if the damage is not in a block. */
  readonly block: number | undefined;
  /**
   * Where the damaged header, block, member or end of stream begins, or bytes after the last stream, or where the blob
   * ends too early.
   */
  readonly offset: number;
}

/**
 * Says that bytes are not whole bzip2 or gzip, why and where. It is the cause of the {@link Failure} that names the
 * blob.
 */
export class BlobDamage extends Error implements DamagePlace {
  override readonly name: string = 'BlobDamage';
  readonly stream: number | undefined;
  readonly block: number | undefined;
  readonly offset: number;

  constructor(
    readonly format: 'bzip2' | 'gzip',
    readonly failureClass: FailureClass,
    problem: string,
    place: DamagePlace,
  ) {
    super(`${problem} (${formatPlace(place)})`);
    this.stream = place.stream;
    this.block = place.block;
    this.offset = place.offset;
  }

  /** Returns the failure of the blob with this name. */
  toFailure(label: string): Failure {
    return new Failure(this.failureClass, `${label} is not whole ${this.format}: ${this.message}`, {
      blob: label,
      cause: this,
    });
  }
}

/** Returns the beginning of a blob as text and in hexadecimal. */
export function shownHead(head: Uint8Array): string {
  const bytes = Buffer.from(head);
  return `"${bytes.toString('latin1').replaceAll(/[^\u0020-\u007e]/g, '.')}" (${bytes.toString('hex')})`;
}

function formatPlace({ stream, block, offset }: DamagePlace): string {
  return [
    ...(stream === undefined ? [] : [`stream ${String(stream)}`]),
    ...(block === undefined ? [] : [`block ${String(block)}`]),
    `byte offset ${String(offset)}`,
  ].join(', ');
}
