import type { FailureClass } from '../../domain/failure-classes.js';
import type { FaultName } from './bzip2-core.js';

/** Where in the compressed input the damage is. */
export interface Bzip2Place {
  /** From 1 on; for bytes behind the last stream that stream. Absent before the first. */
  readonly stream: number | undefined;
  /** Of the stream, from 1 on; absent where the damage is not in a block. */
  readonly block: number | undefined;
  /** Where the damaged stream header, block or end of stream begins; the first of bytes behind the last stream; or where the input ends too early. */
  readonly offset: number;
}

/** Says that an input is not whole bzip2, why, and where. */
export class Bzip2Error extends Error implements Bzip2Place {
  override readonly name = 'Bzip2Error';
  readonly failureClass: FailureClass;
  readonly stream: number | undefined;
  readonly block: number | undefined;
  readonly offset: number;

  /** `head` is how the input begins, shown where that is not bzip2. */
  constructor(fault: FaultName, place: Bzip2Place, head: Uint8Array) {
    const [failureClass, problem] = faults[fault];
    super(`${problem}${fault === 'badMagic' ? ` ${shown(head)}` : ''} (${formatPlace(place)})`);
    this.failureClass = failureClass;
    this.stream = place.stream;
    this.block = place.block;
    this.offset = place.offset;
  }
}

const faults: Readonly<Record<FaultName, readonly [FailureClass, string]>> = {
  emptyFile: ['CorruptInput/EmptyFile', 'it has 0 bytes; even an empty bzip2 stream has 14'],
  badMagic: ['CorruptInput/BadMagic', 'it does not begin with "BZh1" to "BZh9" but with'],
  truncated: ['CorruptInput/Truncated', 'it ends in the middle of a stream'],
  trailingBytes: ['CorruptInput/TrailingGarbage', 'bytes that are not bzip2 follow a whole stream'],
  blockCrcWrong: ['CorruptInput/BlockCrc', 'a block does not match its checksum'],
  streamCrcWrong: ['CorruptInput/StreamCrc', 'a stream does not match its checksum'],
  noBlockHere: ['CorruptInput', 'neither a block nor the end of the stream is where it should be'],
  noValuesUsed: ['CorruptInput', 'a block says that it has no bytes'],
  tableCountWrong: ['CorruptInput', 'a block has an impossible number of tables or selectors'],
  selectorWrong: ['CorruptInput', 'a selector names a table that does not exist'],
  codeLengthWrong: ['CorruptInput', 'a table has an impossible code length'],
  codeUnknown: ['CorruptInput', 'a code is in no table'],
  selectorsUsedUp: ['CorruptInput', 'a block goes on after its last selector'],
  blockTooLong: ['CorruptInput', 'a block is longer than its stream allows'],
  originWrong: ['CorruptInput', 'a block begins outside of itself'],
  runUnfinished: ['CorruptInput', 'a block ends in the middle of a run'],
};

/** Everything that can be wrong. */
export const faultNames = Object.keys(faults) as readonly FaultName[];

function shown(head: Uint8Array): string {
  const bytes = Buffer.from(head);
  return `"${bytes.toString('latin1').replaceAll(/[^\u0020-\u007e]/g, '.')}" (${bytes.toString('hex')})`;
}

function formatPlace({ stream, block, offset }: Bzip2Place): string {
  return [
    ...(stream === undefined ? [] : [`stream ${String(stream)}`]),
    ...(block === undefined ? [] : [`block ${String(block)}`]),
    `byte offset ${String(offset)}`,
  ].join(', ');
}
