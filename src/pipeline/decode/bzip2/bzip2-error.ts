import type { FailureClass } from '../../../domain/failure-classes.js';
import { BlobDamage, shownHead, type DamagePlace } from '../blob-damage.js';
import type { FaultName } from './bzip2-core.js';

/** Says that an input is not whole bzip2, why and where. */
export class Bzip2Error extends BlobDamage {
  override readonly name = 'Bzip2Error';

  /** `head` is the beginning of the input, shown if it is not bzip2. */
  constructor(fault: FaultName, place: DamagePlace, head: Uint8Array) {
    const [failureClass, problem] = faults[fault];
    super('bzip2', failureClass, `${problem}${fault === 'badMagic' ? ` ${shownHead(head)}` : ''}`, place);
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
  selectorsUsedUp: ['CorruptInput', 'a block continues after its last selector'],
  blockTooLong: ['CorruptInput', 'a block is longer than its stream allows'],
  originWrong: ['CorruptInput', 'a block begins outside of itself'],
  runUnfinished: ['CorruptInput', 'a block ends in the middle of a run'],
};

/** Everything that can be wrong. */
export const faultNames = Object.keys(faults) as readonly FaultName[];
