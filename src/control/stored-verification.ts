import { z } from 'zod';
import type { VerificationRecord } from '../domain/stored/verification-records.js';
import { controlKeys } from './control-keys.js';
import type { ControlRound } from './control-prefix.js';
import { sizeLimits } from './size-limits.js';
import { overwriteObject, readObject } from './stored-object.js';
import { formatSchema, versionedJson } from './versioned-json.js';

/** Returns what a round of a verification has found; undefined until it has checked all objects. */
export async function readVerification(
  { control, base, round }: ControlRound,
  signal: AbortSignal,
): Promise<VerificationRecord | undefined> {
  const key = controlKeys.verification(base, round);
  const object = await readObject(control, { key, maxBytes: sizeLimits.verification }, signal);
  return object && verificationJson.parse(object.bytes, key);
}

/** Writes what a round of a verification has found. */
export function writeVerification(
  { control, base, round }: ControlRound,
  record: VerificationRecord,
  signal: AbortSignal,
): Promise<void> {
  const key = controlKeys.verification(base, round);
  return overwriteObject(control, { key, bytes: verificationJson.bytes(record) }, signal);
}

const count = z.int().min(0);
// Sums of petabytes are no longer safe integers.
const size = z.number().min(0);
const amount = z.looseObject({ objects: count, bytes: size });

/** The form in which `verification.json` is stored. */
export const verificationJson = versionedJson<VerificationRecord>(
  'the result of a verification',
  z.looseObject({
    ...{ format: formatSchema, objects: count, intact: count, readBack: amount, archived: count },
    differences: z.array(z.looseObject({ class: z.string(), objects: count })),
    first: z.array(z.looseObject({ id: z.string(), key: z.string(), class: z.string(), message: z.string() })),
    additional: amount.extend({
      prefixes: z.array(
        z.looseObject({
          ...{ prefix: z.string(), blobs: count, bytes: size, list: z.string().optional() },
          shapes: z.array(z.looseObject({ shape: z.string(), blobs: count, bytes: size, first: z.array(z.string()) })),
        }),
      ),
    }),
    endedAt: z.string(),
  }),
);
