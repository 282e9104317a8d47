import type { JudgedUnit } from '../../../planning/judge-unit.js';
import { csvLine } from '../../screen/csv-line.js';

/** Yields the units of a plan as lines of CSV, headed by the names of the columns. */
export async function* planCsv(units: AsyncIterable<JudgedUnit>): AsyncGenerator<string> {
  yield csvLine(['index', 'id', 'key', 'verdict', 'blobs', 'bytes', 'newest', 'class', 'reasons']);
  for await (const { index, id, key, verdict, blobs, bytes, newestMs, class: failureClass, reasons } of units) {
    const newest = newestMs === undefined ? '' : new Date(newestMs).toISOString();
    const cells = [String(index), id, key, verdict, String(blobs), String(bytes), newest, failureClass ?? ''];
    yield csvLine([...cells, reasons.join('; ')]);
  }
}
