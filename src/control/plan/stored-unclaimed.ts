import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ContainerFindings, UnclaimedRecord } from '../../domain/stored/unclaimed-records.js';
import { controlKeys } from '../control-keys.js';
import type { ControlRound } from '../control-prefix.js';
import { sizeLimits } from '../size-limits.js';
import { listKeys, overwriteObject, readObject } from '../stored-object.js';
import { formatSchema, versionedJson } from '../versioned-json.js';

/** Names a container in a key. */
export function containerId({ account, container }: Pick<ContainerFindings, 'account' | 'container'>): string {
  return createHash('sha256')
    .update(JSON.stringify([account, container]))
    .digest('hex')
    .slice(0, 24);
}

/** Returns the findings of a container; undefined if there are none yet. */
export async function readContainerFindings(
  { control, base, round }: ControlRound,
  place: Pick<ContainerFindings, 'account' | 'container'>,
  signal: AbortSignal,
): Promise<ContainerFindings | undefined> {
  const key = controlKeys.unclaimedContainer(base, round, containerId(place));
  const object = await readObject(control, { key, maxBytes: sizeLimits.unclaimedContainer }, signal);
  return object && containerFindingsJson.parse(object.bytes, key);
}

/** Writes the findings of a container, in place of earlier ones. */
export async function writeContainerFindings(
  { control, base, round }: ControlRound,
  findings: ContainerFindings,
  signal: AbortSignal,
): Promise<void> {
  const key = controlKeys.unclaimedContainer(base, round, containerId(findings));
  await overwriteObject(control, { key, bytes: containerFindingsJson.bytes(findings) }, signal);
}

/** Returns the record that all containers of a plan have their findings; undefined until they have. */
export async function readUnclaimed(
  { control, base, round }: ControlRound,
  signal: AbortSignal,
): Promise<UnclaimedRecord | undefined> {
  const key = controlKeys.unclaimed(base, round);
  const object = await readObject(control, { key, maxBytes: sizeLimits.unclaimed }, signal);
  return object && unclaimedJson.parse(object.bytes, key);
}

/** Writes that all containers have their findings. May be repeated. */
export async function writeUnclaimed(
  { control, base, round }: ControlRound,
  record: UnclaimedRecord,
  signal: AbortSignal,
): Promise<void> {
  const key = controlKeys.unclaimed(base, round);
  await overwriteObject(control, { key, bytes: unclaimedJson.bytes(record) }, signal);
}

/** Yields the findings of all containers, in no particular order. */
export async function* allContainerFindings(
  { control, base, round }: ControlRound,
  signal: AbortSignal,
): AsyncGenerator<ContainerFindings> {
  for await (const key of listKeys(control, controlKeys.unclaimedFindings(base, round), signal)) {
    if (!key.endsWith('.json')) continue;
    const object = await readObject(control, { key, maxBytes: sizeLimits.unclaimedContainer }, signal);
    if (object !== undefined) yield containerFindingsJson.parse(object.bytes, key);
  }
}

const count = z.int().min(0);
const amount = z.looseObject({ blobs: count, bytes: z.number().min(0) });

/** The form in which the findings of a container are stored. */
export const containerFindingsJson = versionedJson<ContainerFindings>(
  'the findings of a container',
  z.looseObject({
    format: formatSchema,
    account: z.string(),
    container: z.string(),
    isMissing: z.literal(true).optional(),
    ...{ claimed: amount, unclaimed: amount, twice: amount, gone: count },
    shapes: z.array(amount.extend({ shape: z.string(), first: z.array(z.string()) })),
    firstTwice: z.array(z.looseObject({ name: z.string(), units: z.array(count) })),
    firstGone: z.array(z.string()),
    list: z.string().optional(),
  }),
);

/** The form in which `unclaimed.json` is stored. */
export const unclaimedJson = versionedJson<UnclaimedRecord>(
  'what a plan says about unclaimed blobs',
  z.looseObject({ format: formatSchema, containers: count, unknownUnits: count, endedAt: z.string() }),
);
