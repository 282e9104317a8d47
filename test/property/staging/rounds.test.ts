import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Receipt } from '../../../src/domain/receipt.js';
import { done, empty, failed, StagedRounds } from '../../unit/staging/staged-rounds.js';

let temporaryDirectory: string;
beforeAll(() => {
  temporaryDirectory = mkdtempSync(join(tmpdir(), 'longhaul-rounds-test-'));
});
afterAll(() => rmSync(temporaryDirectory, { recursive: true }));

const names = fc.uniqueArray(fc.integer({ min: 0, max: 30 }).map(String), { minLength: 1, maxLength: 12 });
// A round follows only one that has ended, so that every unit has a receipt.
const end = fc.constantFrom(done, failed, empty);

describe('the rounds of a migration', () => {
  it('count each unit once that any file has named, whatever became of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(names, { minLength: 2, maxLength: 5 }), fc.infiniteStream(end), async (files, ends) => {
        const rounds = new StagedRounds(temporaryDirectory);
        const known = new Set<string>();
        const receipts: Receipt[] = [];
        let record = await rounds.first(files[0] ?? []);
        for (const [round, file] of files.entries()) {
          if (round > 0) record = await rounds.again(record, receipts, file);
          file.forEach((name) => known.add(name));
          expect(record.layout.units, 'the total of the round').toBe(file.length);
          expect(record.before?.total ?? record.layout.units, 'the total of all rounds').toBe(known.size);
          for (const { id, index } of rounds.staged(record)) {
            const name = id.replace('/2019-07', '');
            receipts.push((ends.next().value ?? done)(index, name));
          }
        }
      }),
      { numRuns: 20 },
    );
  });
});
