import { z } from 'zod';
import type { LedgerClaim, LedgerFooter, LedgerHeader, LedgerLine } from '../../domain/stored/ledger-lines.js';
import type { Receipt } from '../../domain/receipt.js';
import { damaged, refuseNewerFormat } from '../damage.js';
import { gzipLines, inflateLines, parseLines, type LineRecord } from '../gzip-lines.js';
import { sizeLimits, sliceUnitsMax } from '../size-limits.js';

/** A ledger as read: its first line, the claim in force, its receipts, and the footer once it is complete. */
export interface LedgerContent {
  readonly header: LedgerHeader;
  readonly claim: LedgerClaim;
  /** Number of claims: every write adds one. */
  readonly claims: number;
  /** One per unit: a later receipt of the same unit would replace the earlier. */
  readonly receipts: ReadonlyMap<number, Receipt>;
  /** The epoch under which each unit's receipt was written. */
  readonly epochs: ReadonlyMap<number, number>;
  readonly footer: LedgerFooter | undefined;
  /** Whether the attempt of that claim has left a receipt, or said that it made a durable part. */
  readonly progress: boolean;
}

/** Packs lines as one gzip member; a ledger is a row of them, so that a flush recompresses nothing. */
export function packLines(lines: readonly LedgerLine[]): Uint8Array {
  return gzipLines(lines);
}

/**
 * Reads a ledger's bytes. Fails with `FormatTooNew` where a newer Longhaul wrote it, `LedgerMismatch` where it is
 * damaged, not a ledger, or inflates to more than `maxBytes`.
 */
export function parseLedger(bytes: Uint8Array, key: string, maxBytes: number = sizeLimits.ledger): LedgerContent {
  const lines = parseLines(inflateLines(bytes, key, maxBytes), key);
  const { value: first } = lines.next();
  const header = parseHeader(first, key);
  const receipts = new Map<number, Receipt>();
  const epochs = new Map<number, number>();
  let claim: LedgerClaim | undefined;
  let claims = 0;
  let footer: LedgerFooter | undefined;
  let progress = false;
  for (const line of lines) {
    switch (line['type']) {
      case 'claim': {
        const next = checked(claimSchema, line, key) as unknown as LedgerClaim;
        progress = next.durablePart === true || (progress && next.token === claim?.token);
        claim = next;
        claims += 1;
        break;
      }
      case 'receipt': {
        const { type: _type, ...receipt } = checked(receiptSchema, line, key) as unknown as Receipt & { type: string };
        receipts.set(receipt.index, receipt);
        epochs.set(receipt.index, claim?.epoch ?? 0);
        // A slice has few units: more receipts could only be there to exhaust the reader.
        if (receipts.size > header.units) throw damaged(key, 'it has more receipts than units');
        progress = true;
        break;
      }
      case 'footer':
        footer = checked(footerSchema, line, key) as unknown as LedgerFooter;
        break;
      default:
        throw damaged(key, `it has a second ${String(line['type'])}`);
    }
  }
  if (claim === undefined) throw damaged(key, 'it has no claim');
  return { header, claim, claims, receipts, epochs, footer, progress };
}

function parseHeader(line: LineRecord | undefined, key: string): LedgerHeader {
  if (line?.['type'] !== 'header' || typeof line['format'] !== 'number')
    throw damaged(key, "it does not begin with a ledger's header");
  refuseNewerFormat(key, line['format']);
  return checked(headerSchema, line, key) as unknown as LedgerHeader;
}

function checked(schema: z.ZodType, line: LineRecord, key: string): LineRecord {
  const { success, error } = schema.safeParse(line);
  if (!success) throw damaged(key, `a ${String(line['type'])} in it lacks what it must have`, error);
  return line;
}

const count = z.int().min(0);
const size = z.number().min(0);
const sizes = z.looseObject({ source: size, raw: size, target: size });
const units = z.looseObject({ done: count, found: count, empty: count, failed: count });
const outcome = z.enum(['done', 'found', 'empty', 'failed']);
const yes = z.literal(true).optional();
const suspect = z.looseObject({
  index: count,
  deaths: count,
  partsBefore: count.optional(),
  unseen: yes,
  alone: yes,
});
const waitingUnit = z.looseObject({ index: count, since: z.iso.datetime(), failures: count, others: yes });

const headerSchema = z.looseObject({
  format: count,
  definition: z.string(),
  firstUnit: count,
  units: count.max(sliceUnitsMax),
  staged: z.string(),
});

const claimSchema = z.looseObject({
  epoch: count,
  token: z.string(),
  seq: count,
  at: z.string(),
  attempt: count.optional(),
  deaths: count.optional(),
  suspect: suspect.optional(),
  process: z.string().optional(),
  waiting: z.array(waitingUnit).optional(),
});

const plannedUnit = z.looseObject({
  newest: z.iso.datetime().optional(),
  repeated: count,
  requests: z.looseObject({ lists: count, heads: count }),
});

const took = z.looseObject({ ms: count, retries: z.record(z.string(), count).optional() });
const verifiedObject = z.looseObject({ round: count, readBack: z.boolean(), archived: z.string().optional() });

const receiptSchema = z.looseObject({
  index: count,
  id: z.string(),
  key: z.string(),
  state: outcome,
  earlier: outcome.optional(),
  blobs: count,
  bytes: sizes,
  raw: z.looseObject({ sha256: z.string(), crc32: z.string() }).optional(),
  target: z.looseObject({ etag: z.string(), parts: count }).optional(),
  manifest: z.looseObject({ digest: z.string() }).optional(),
  compared: z.looseObject({ etag: z.string().nullable() }).optional(),
  sincePlan: z.enum(['same', 'changed']).optional(),
  planned: plannedUnit.optional(),
  took: took.optional(),
  verified: verifiedObject.optional(),
  skipped: z.array(z.looseObject({ blob: z.string() })),
  notes: z.array(z.string()),
});

const footerSchema = z.looseObject({
  tally: z.looseObject({
    units,
    blobs: z.looseObject({ done: count }),
    bytes: sizes,
    earlier: units.optional(),
    sincePlan: z.looseObject({ compared: count, changed: count }).optional(),
    failures: z.record(z.string(), count).optional(),
  }),
});
