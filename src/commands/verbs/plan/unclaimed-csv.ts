import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ControlRound } from '../../../control/control-prefix.js';
import { allContainerFindings } from '../../../control/stored-unclaimed.js';
import { csvLine } from '../../screen/csv-line.js';

/** A line of the list of a container. */
interface ListLine {
  readonly name: string;
  readonly bytes: number;
  readonly lastModified: string;
  readonly units: readonly number[];
}

/**
 * Yields every blob that no unit of a plan claims, or that several do, as lines of CSV. `units` has the indexes of the
 * latter, as in the table of units.
 */
export async function* unclaimedCsv(round: ControlRound, signal: AbortSignal): AsyncGenerator<string> {
  yield csvLine(['account', 'container', 'name', 'bytes', 'last modified', 'units']);
  for await (const { account, container, list } of allContainerFindings(round, signal)) {
    if (list === undefined) continue;
    const text = Readable.from(round.control.readStream(list, signal)).pipe(createGunzip());
    for await (const line of createInterface({ input: text, crlfDelay: Infinity })) {
      const { name, bytes, lastModified, units } = JSON.parse(line) as ListLine;
      yield csvLine([account, container, name, String(bytes), lastModified, units.join(' ')]);
    }
  }
}
