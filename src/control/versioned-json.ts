import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { controlFormat } from '../domain/stored/migration-record.js';
import { damaged, refuseNewerFormat } from './damage.js';

/** How one kind of record is stored: as JSON with its format version and a checksum over the rest. */
export interface VersionedJson<T> {
  /** Returns the bytes of a record. */
  bytes(record: T): Uint8Array;
  /**
   * Reads a record of this format or an older one. Fails with `FormatTooNew` where a newer Longhaul wrote it,
   * `LedgerMismatch` where it is damaged or another kind of record.
   */
  parse(bytes: Uint8Array, key: string): T;
}

/**
 * Makes the codec of a kind of record, named as in "not the record of a migration". The schema checks what
 * distinguishes it from other kinds and what would break its readers; the checksum proves the rest. Records of older
 * versions have none. `indent` is for a record that people read.
 */
export function versionedJson<T extends { readonly format: number }>(
  kind: string,
  schema: z.ZodType,
  indent?: number,
): VersionedJson<T> {
  return {
    bytes: (record) =>
      Buffer.from(`${JSON.stringify({ ...record, checksum: checksumOf(record) }, undefined, indent)}\n`),
    parse(bytes, key) {
      const record = parseOfAnyFormat(bytes, key, kind);
      const { format } = record;
      if (typeof format !== 'number') throw damaged(key, `it is not ${kind}`);
      refuseNewerFormat(key, format);
      const { success, error } = schema.safeParse(record);
      if (!success) throw damaged(key, `it is not ${kind}`, error);
      return record as unknown as T;
    },
  };
}

/** Returns the fields of a record of any format. Fails with `LedgerMismatch` if it does not match its checksum. */
export function parseOfAnyFormat(bytes: Uint8Array, key: string, kind: string): Readonly<Record<string, unknown>> {
  const { checksum, ...record } = parseObject(bytes, key, kind);
  if (checksum === undefined || hasChecksum(record, checksum)) return record;
  throw damaged(key, 'its content does not match its checksum');
}

/** The format that every record begins with, for schemas. */
export const formatSchema = z.int().min(1).max(controlFormat);

function parseObject(bytes: Uint8Array, key: string, kind: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw damaged(key, `it is not ${kind}`, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damaged(key, `it is not ${kind}`);
  return value as Record<string, unknown>;
}

function hasChecksum(record: object, checksum: unknown): boolean {
  try {
    return checksum === checksumOf(record);
  } catch {
    // Nested too deeply for the stack: not written by us.
    return false;
  }
}

/** CRC-32 over the record as compact JSON: spaces do not count, so that a file formatted by hand can still be read. */
function checksumOf(record: object): string {
  return crc32(JSON.stringify(record)).toString(16).padStart(8, '0');
}
