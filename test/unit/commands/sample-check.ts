import type { Probe } from '../../../src/domain/probe.js';
import type { CheckResult } from '../../../src/workflows/messages.js';

/** What the probes of a target have found, shortened. */
export const checkedTarget: readonly Probe[] = [
  {
    ...{ id: 'target/bucket', what: 'bucket archive', verdict: 'ok' },
    message: 'it is there, and the credential may list it',
  },
  {
    ...{ id: 'target/versioning', what: 'versions in bucket archive', verdict: 'unchecked' },
    message: 'the credential may not see it',
    fix: 'allow s3:GetBucketVersioning on the bucket to have it checked; a migration does not need it',
  },
];

/** The same from a worker whose credential is about to end, with what the accounts have answered. */
export const checkedOnWorker: CheckResult = {
  target: [
    ...checkedTarget,
    {
      ...{ id: 'target/credential', what: 'credential of the target', verdict: 'ok' },
      ...{ message: 'a session until 2026-01-02T12:00:00.000Z', endsAt: '2026-01-02T12:00:00.000Z' },
    },
  ],
  sources: [
    {
      ...{ id: 'source/east/credential', what: 'credential of account east', verdict: 'warning' },
      message: 'an account key, which may do everything in the account',
      fix: 'use a SAS token with sp=rl, or an identity with the role Storage Blob Data Reader',
    },
    {
      ...{ id: 'source/east/list', what: 'listing in account east', verdict: 'ok' },
      message: '1,200 blobs of units acme/2019-07, bolt/2019-07 found',
    },
  ],
  sample: { lookups: 6, blobs: 1_200, bytes: 12_000_000 },
};

/** The same where the account refuses the credential. */
export const refusedOnWorker: CheckResult = {
  target: checkedOnWorker.target,
  sources: [
    {
      ...{ id: 'source/east/list', what: 'listing in account east', verdict: 'failed' },
      message: 'list east/events-2019: the credential is known but not allowed to do this (403)',
      ...{ fix: 'let the credential list and read in the account', class: 'SourceForbidden' },
    },
  ],
};
