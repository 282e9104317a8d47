import { partitionId, roundId, sliceId } from '../domain/ids.js';
import type { Slice } from '../domain/layout.js';

/** Keys below the control prefix. `base` is `<control>/<name>` without a trailing slash, e.g. `.longhaul/orders`. */
export const controlKeys = {
  /** The prefix of everything that a migration keeps. Its slash keeps `orders-2` out of `orders`. */
  everything: (base: string) => `${base}/`,
  owner: (base: string) => `${base}/owner.json`,
  migration: (base: string, round: number) => `${base}/${roundId(round)}/migration.json`,
  stagedSlice: (base: string, round: number, unitsDigest: string, slice: Pick<Slice, 'partition' | 'slice'>) =>
    `${base}/${roundId(round)}/units-${unitsDigest}/${partitionId(slice.partition)}/${sliceId(slice.slice)}.ndjson.gz`,
  ledger: (base: string, round: number, slice: Pick<Slice, 'partition' | 'slice'>) =>
    `${base}/${roundId(round)}/ledger/${partitionId(slice.partition)}/${sliceId(slice.slice)}.ndjson.gz`,
  manifest: (base: string, round: number, unitIndex: number, digest: string) =>
    `${base}/${roundId(round)}/manifests/${String(unitIndex)}-${digest}.ndjson.gz`,
  upload: (base: string, round: number, unitIndex: number) =>
    `${base}/${roundId(round)}/uploads/${String(unitIndex)}.json`,
  /**
   * What was noticed while making an object with these raw bytes. Shared by all rounds, because a later one may find
   * the object in place.
   */
  findings: (base: string, unitIndex: number, sha256: string) => `${base}/findings/${String(unitIndex)}-${sha256}.json`,
  /** The prefix of the checkpoints of a round. */
  uploads: (base: string, round: number) => `${base}/${roundId(round)}/uploads/`,
  summary: (base: string, round: number) => `${base}/${roundId(round)}/summary.json`,
  /** In a plan: written last, when every container has its findings. */
  unclaimed: (base: string, round: number) => `${base}/${roundId(round)}/unclaimed.json`,
  /** The prefix of the findings of the containers. `container` is a digest of account and name. */
  unclaimedFindings: (base: string, round: number) => `${base}/${roundId(round)}/unclaimed/`,
  unclaimedContainer: (base: string, round: number, container: string) =>
    `${base}/${roundId(round)}/unclaimed/${container}.json`,
  /** `token` keeps the lists of two attempts apart. */
  unclaimedList: (base: string, round: number, container: string, token: string) =>
    `${base}/${roundId(round)}/unclaimed/${container}-${token}.ndjson.gz`,
  /** In a verification: written last, when all objects have been looked at. */
  verification: (base: string, round: number) => `${base}/${roundId(round)}/verification.json`,
  /** Written, read and deleted by the probes of `prepare`. `token` keeps two probes apart. */
  probe: (base: string, token: string) => `${base}/probe-${token}`,
  /** What `check` writes and deletes; `checks` is the prefix of all of them, `token` keeps two checks apart. */
  checks: (base: string) => `${base}/check/`,
  check: (base: string, token: string) => `${base}/check/${token}`,
  /** What a check notes before it sends anything; `check` is the prefix of all that it writes. */
  checkNote: (check: string) => `${check}/uploads.json`,
} as const;
