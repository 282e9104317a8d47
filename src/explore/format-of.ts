/** The format of a blob, according to its first bytes. */
export type BytesFormat = (typeof signatures)[number]['format'] | 'json' | 'xml' | 'text' | 'binary' | 'empty';

const signatures = [
  { format: 'bzip2', bytes: [0x42, 0x5a, 0x68] },
  { format: 'gzip', bytes: [0x1f, 0x8b] },
  { format: 'zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { format: 'xz', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
  { format: 'lz4', bytes: [0x04, 0x22, 0x4d, 0x18] },
  { format: 'snappy', bytes: [0xff, 0x06, 0x00, 0x00, 0x73, 0x4e] },
  { format: 'zip', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { format: 'parquet', bytes: [0x50, 0x41, 0x52, 0x31] },
  { format: 'avro', bytes: [0x4f, 0x62, 0x6a, 0x01] },
  { format: 'orc', bytes: [0x4f, 0x52, 0x43] },
] as const;

/** Enough bytes to recognise every format. */
export const headBytes = 64;

/** Returns the format of a blob, according to its first bytes. */
export function formatOf(head: Uint8Array): BytesFormat {
  if (head.length === 0) return 'empty';
  const known = signatures.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
  if (known !== undefined) return known.format;
  const text = Buffer.from(head.subarray(0, headBytes))
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  // The last character may be cut.
  if (/(?![\t\n\f\r\v])\p{Cc}|\uFFFD/u.test(text.slice(0, -1))) return 'binary';
  const [first] = text.trimStart();
  return first === '{' || first === '[' ? 'json' : first === '<' ? 'xml' : 'text';
}
