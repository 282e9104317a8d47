/** Returns a CRC-32 as S3 writes it: its four bytes, big-endian, in base64. */
export function crc32Base64(value: number): string {
  // Without Buffer, because the domain also runs inside workflows. 32 bits are five digits of six bits and one of two.
  const digits = [26, 20, 14, 8, 2].map((shift) => alphabet.charAt((value >>> shift) & 0x3f));
  return `${digits.join('')}${alphabet.charAt((value << 4) & 0x30)}==`;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
