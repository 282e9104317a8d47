import type { ControlRound } from '../../../control/control-prefix.js';
import { allContainerFindings } from '../../../control/plan/stored-unclaimed.js';
import { readUnclaimedList } from '../../../control/plan/unclaimed-list.js';
import { csvLine } from '../../screen/csv-line.js';

/**
 * Yields every blob that no unit of a plan claims, or that several do, as lines of CSV. `units` has the indexes of the
 * latter, as in the table of units.
 */
export async function* unclaimedCsv(round: ControlRound, signal: AbortSignal): AsyncGenerator<string> {
  yield csvLine(['account', 'container', 'name', 'bytes', 'last modified', 'units']);
  for await (const { account, container, list } of allContainerFindings(round, signal)) {
    if (list === undefined) continue;
    for await (const { name, bytes, lastModified, units } of readUnclaimedList(round.control, list, signal))
      yield csvLine([account, container, name, String(bytes), lastModified, units.join(' ')]);
  }
}
