import { ShapeTable } from '../../../src/shapes/shape-table.js';

/** Fills a table with blobs by their names, `container/name`, in the order of a listing. */
export function tableOf(names: readonly string[], bytesOf: (name: string) => number = () => 100): ShapeTable {
  const table = new ShapeTable();
  for (const name of [...names].sort()) {
    const slash = name.indexOf('/');
    const [container, rest] = [name.slice(0, slash), name.slice(slash + 1)];
    table.add({ container, name: rest, etag: '"1"', bytes: bytesOf(name) });
  }
  return table;
}

/** Days in a row, each as year, month and day. */
export function daysFrom(first: string, count: number): readonly (readonly [string, string, string])[] {
  return Array.from({ length: count }, (_, day) => {
    const date = new Date(Date.parse(first) + day * 86_400_000).toISOString();
    return [date.slice(0, 4), date.slice(5, 7), date.slice(8, 10)] as const;
  });
}

/** The numbers from 0 to below a bound. */
export const numbersTo = (count: number): readonly number[] => Array.from({ length: count }, (_, number) => number);

/** Hexadecimal digits that look random and are the same in every run. */
export function hexDigits(seed: number, width: number): string {
  let digits = '';
  for (let word = seed + 1; digits.length < width; word += 0x51) {
    digits += (Math.imul(word ^ (word >>> 7), 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  }
  return digits.slice(0, width);
}
