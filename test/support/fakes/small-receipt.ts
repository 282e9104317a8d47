import type { Receipt } from '../../../src/domain/receipt.js';

/** Returns the receipt of a unit of one blob that is done. */
export function smallReceipt(index: number, id = `unit-${index}`): Receipt {
  return {
    index,
    id,
    key: `orders/${id}.gz`,
    state: 'done',
    blobs: 1,
    bytes: { source: 10, raw: 100, target: 20 },
    raw: { sha256: 'a'.repeat(64), crc32: '0000000a' },
    target: { etag: '"e"', checksum: null, parts: 1 },
    skipped: [],
    notes: [],
    build: 'longhaul 0.1.0, zlib 1.3.1 level 6',
    at: '2024-01-01T00:00:00.000Z',
  };
}
