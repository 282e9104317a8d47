import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readExpected } from '../../../../src/local/demo-data/expected-unit.js';
import { demoOptions } from './generate-in-memory.js';

describe('readExpected', () => {
  it('reads unit after unit, and lets its reader stop early', async () => {
    const path = join((await demoOptions()).directory, 'expected.ndjson');
    await appendFile(path, '{"index":0}\n{"index":1}\n{"index":2}\n');
    const indexes: number[] = [];
    for await (const { index } of readExpected(path)) {
      indexes.push(index);
      if (index === 1) break;
    }
    expect(indexes).toEqual([0, 1]);
  });

  it('rejects when the file is missing', async () => {
    const path = join((await demoOptions()).directory, 'expected.ndjson');
    await expect(readExpected(path).next()).rejects.toThrow('ENOENT');
  });
});
