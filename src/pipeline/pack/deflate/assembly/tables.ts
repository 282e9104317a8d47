// Tables of small numbers by index.

export function at32(table: usize, index: u32): u32 {
  return load<u32>(table + ((index as usize) << 2));
}

export function put32(table: usize, index: u32, value: u32): void {
  store<u32>(table + ((index as usize) << 2), value);
}

export function at16(table: usize, index: u32): u32 {
  return load<u16>(table + ((index as usize) << 1));
}

export function put16(table: usize, index: u32, value: u32): void {
  store<u16>(table + ((index as usize) << 1), value as u16);
}

export function at8(table: usize, index: u32): u32 {
  return load<u8>(table + (index as usize));
}

export function put8(table: usize, index: u32, value: u32): void {
  store<u8>(table + (index as usize), value as u8);
}

/** Counts one more. */
export function countOne(table: usize, index: u32): void {
  put32(table, index, at32(table, index) + 1);
}
