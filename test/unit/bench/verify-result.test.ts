import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { contentCount, workList, type WorkUnit } from '../../../bench/bakeoff/data/work-list.js';
import { verifyCopies, verifyUnits } from '../../../bench/bakeoff/verify-result.js';

const units = workList(3);
const raw = Array.from({ length: contentCount }, (_unused, index) => Buffer.from(`content ${String(index)}\n`));

const rowOf = (unit: WorkUnit): Buffer[] => unit.blobs.map(({ content }) => raw[content]!);
const rightObjects = (): Map<string, Buffer> =>
  new Map(units.map((unit) => [unit.targetKey, gzipSync(Buffer.concat(rowOf(unit)))]));

const verify = async (objects: ReadonlyMap<string, Buffer>) => verifyUnits(units, raw, async (key) => objects.get(key));

it('finds nothing wrong with right objects', async () => {
  expect(await verify(rightObjects())).toEqual([]);
});

it('finds an object that is not there', async () => {
  const objects = rightObjects();
  objects.delete(units[1]!.targetKey);
  expect(await verify(objects)).toEqual([{ key: units[1]!.targetKey, what: 'missing' }]);
});

const row = rowOf(units[2]!);
it.each([
  ['in another order', gzipSync(Buffer.concat([row[1]!, row[0]!, ...row.slice(2)]))],
  ['without its last blob', gzipSync(Buffer.concat(row.slice(0, -1)))],
  ['with a blob twice', gzipSync(Buffer.concat([...row, row.at(-1)!]))],
  ['with one byte changed', gzipSync(Buffer.concat(row).fill('x', 3, 4))],
  ['that is no gzip', Buffer.concat(row)],
  ['that is cut', gzipSync(Buffer.concat(row)).subarray(0, -9)],
])('finds an object %s', async (_what, object) => {
  const { targetKey: key } = units[2]!;
  expect(await verify(rightObjects().set(key, object))).toEqual([{ key, what: 'wrong' }]);
});

it('finds a wrong copy of a blob', async () => {
  const blobs = units.flatMap((unit) => unit.blobs);
  const copies = new Map(
    blobs.map(({ region, container, name, content }) => [`${region}-${container}/${name}`, raw[content]!]),
  );
  const verifyAll = async () => verifyCopies(units, raw, async (key) => copies.get(key));
  expect(await verifyAll()).toEqual([]);
  const [key = ''] = copies.keys();
  copies.set(key, Buffer.from('other bytes'));
  expect(await verifyAll()).toEqual([{ key, what: 'wrong' }]);
});
