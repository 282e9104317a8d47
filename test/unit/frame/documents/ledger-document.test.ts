import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LedgerLine } from '../../../../src/domain/stored/ledger-lines.js';
import { planLayout, sliceOfUnit } from '../../../../src/domain/layout.js';
import { manifestText } from '../../../../src/domain/manifest.js';
import { receiptTally } from '../../../../src/domain/receipt.js';
import { addTallies, emptyTally } from '../../../../src/domain/figures/tally.js';
import { packLines, parseLedger } from '../../../../src/control/ledger/ledger-format.js';
import { identityMetadata, objectIdentity } from '../../../../src/pipeline/publish/object-identity.js';

const text = readFileSync(new URL('../../../../docs/ledger.md', import.meta.url), 'utf8');
const lines = [...text.matchAll(/^```json\n([^]*?)^```/gm)].map(([, json = '']) => JSON.parse(json) as LedgerLine);
const transform = {
  ...{ decompress: 'bzip2', trailingGarbage: 'fail', onCorrupt: 'fail' },
  ...{ join: 'concat', compress: 'gzip', level: 'standard' },
};

describe('the worked example of docs/ledger.md', () => {
  const ledger = parseLedger(packLines(lines), 'docs/ledger.md');
  const receipts = [...ledger.receipts.values()];

  it('is a ledger, with a receipt for every unit of its header and the tally of its receipts', () => {
    expect(ledger.header).toMatchObject({ format: 1, firstUnit: 0, units: receipts.length });
    expect(ledger.claim.seq).toBe(1);
    expect(receipts.map(({ state }) => state)).toEqual(['done', 'failed', 'empty']);
    expect(ledger.footer?.tally).toEqual(receipts.map(receiptTally).reduce(addTallies, emptyTally));
  });

  it('has the digest of the manifest that it shows', () => {
    const manifest = receipts[0]?.manifest;
    if (manifest === undefined || !('blobs' in manifest)) throw new Error('the first receipt shows no blobs');
    const digested = manifestText(manifest.blobs, transform);
    expect(createHash('sha256').update(digested).digest('hex')).toBe(manifest.digest);
    expect(text.replaceAll('\n  ', '\n')).toContain(`\`\`\`text\n${digested}`);
  });

  it('has the metadata of the object that it shows', () => {
    const { id, manifest, raw, bytes, target } = receipts[0]!;
    const migration = { name: 'orders', id: '3b0f5c62-8d4e-4f0a-9c55-6f2f0e7f9a11' };
    const identity = objectIdentity(migration, { id }, manifest!.digest);
    const object = { bytes: bytes.target, crc32: target!.checksum! };
    const metadata = Object.entries(identityMetadata(identity, { object, raw: { ...raw!, bytes: bytes.raw } }));
    expect(text).toContain(metadata.map(([name, value]) => `${name}: ${value}\n`).join(''));
  });

  it('finds the slice of a unit as the code does', () => {
    const layout = planLayout(500_000);
    expect(layout).toMatchObject({ unitsPerSlice: 977, slices: 512, slicesPerPartition: 4 });
    expect(sliceOfUnit(layout, 30_000)).toEqual({ partition: 7, slice: 2, firstUnit: 29_310, units: 977 });
  });
});
