/**
 * The checksum of bzip2: CRC-32 with the polynomial 0x04c11db7, the top bit first.
 *
 * The running value is kept with its bytes reversed, so that 16 bytes can be taken at once as they lie in memory.
 */
import { crcTableBytes, crcTableCount, crcTables } from './memory-layout';

export const crcStart: u32 = 0xffffffff;
const polynomial: u32 = 0x04c11db7;
// The table for a byte that 15 others follow; the one for the last byte comes first.
const furthest: u32 = 15 * crcTableBytes;

export function makeCrcTables(): void {
  for (let value: u32 = 0; value < 256; value++) {
    let crc = value << 24;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80000000) != 0 ? (crc << 1) ^ polynomial : crc << 1;
    store<u32>(crcTables + (value << 2), bswap<u32>(crc));
  }
  for (let table: u32 = 1; table < crcTableCount; table++) {
    for (let value: u32 = 0; value < 256; value++) {
      const entry = crcTables + table * crcTableBytes + (value << 2);
      const before = load<u32>(entry - crcTableBytes);
      store<u32>(entry, (before >> 8) ^ load<u32>(crcTables + ((before & 0xff) << 2)));
    }
  }
}

/** Returns the running value after `count` more bytes. */
export function updateCrc(crc: u32, bytes: usize, count: u32): u32 {
  const end = bytes + count;
  for (; bytes + 16 <= end; bytes += 16) {
    crc =
      lookUpFour(load<u32>(bytes) ^ crc, furthest) ^
      lookUpFour(load<u32>(bytes, 4), furthest - 4 * crcTableBytes) ^
      lookUpFour(load<u32>(bytes, 8), furthest - 8 * crcTableBytes) ^
      lookUpFour(load<u32>(bytes, 12), furthest - 12 * crcTableBytes);
  }
  for (; bytes < end; bytes++) crc = (crc >> 8) ^ load<u32>(crcTables + (((crc ^ load<u8>(bytes)) & 0xff) << 2));
  return crc;
}

/** Returns what four bytes add to the CRC: the first by the given table, the others by the tables before it. */
function lookUpFour(bytes: u32, table: u32): u32 {
  return (
    load<u32>(crcTables + table + ((bytes & 0xff) << 2)) ^
    load<u32>(crcTables + table - crcTableBytes + (((bytes >> 8) & 0xff) << 2)) ^
    load<u32>(crcTables + table - 2 * crcTableBytes + (((bytes >> 16) & 0xff) << 2)) ^
    load<u32>(crcTables + table - 3 * crcTableBytes + ((bytes >> 24) << 2))
  );
}

/** Returns the checksum as a file holds it. */
export function finishCrc(crc: u32): u32 {
  return bswap<u32>(~crc);
}
