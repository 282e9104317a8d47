import { benthosRow } from './benthos-row.js';
import { codecsRow } from './codecs-row.js';
import { longhaulRows } from './longhaul-rows.js';
import { nodeRows } from './node-rows.js';
import { pythonRows } from './python-rows.js';
import { rcloneRows } from './rclone-rows.js';
import type { Row } from './row.js';

/** All rows, in the order of the table. */
export const allRows: readonly Row[] = [
  ...longhaulRows,
  ...pythonRows,
  benthosRow,
  ...rcloneRows,
  ...nodeRows,
  codecsRow,
];

/** Returns the rows with these names, in the order of the table. Throws a RangeError for an unknown name. */
export function rowsNamed(names: readonly string[]): readonly Row[] {
  const known = allRows.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`There is no row "${unknown}"; there are ${known.join(', ')}.`);
  return allRows.filter(({ name }) => names.includes(name));
}
