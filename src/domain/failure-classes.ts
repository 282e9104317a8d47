/**
 * Whether a failed operation is worth another try, and when.
 * `no`: the same input fails the same way. `yes`: soon. `after`: only after a delay or an operator's act.
 */
export type Retry = 'no' | 'yes' | 'after';

/**
 * Whose fault it is, which decides what stops.
 * `unit`: this unit alone. `account`: a source account. `target`: the target bucket. `worker`: this process, which is
 * short of something. `slice`: this attempt at a slice. `migration`: everything.
 */
export type Scope = 'unit' | 'account' | 'target' | 'worker' | 'slice' | 'migration';

/**
 * One row of the failure table. `hint` says what to do next, `exit` is the CLI's status when nothing else decides it.
 */
export interface FailureClassRow {
  readonly retry: Retry;
  readonly scope: Scope;
  readonly exit: 1 | 2 | 3 | 4 | 6 | 7;
  readonly hint: string;
  /** The unit is moved once more before it counts as failed, so that a network fault is not blamed on the blob. */
  readonly confirm?: true;
  /** Waits for an operator: it fails no unit, and another try within seconds is pointless. */
  readonly blocks?: true;
}

const corrupt = (hint: string): FailureClassRow => ({ retry: 'no', scope: 'unit', exit: 3, confirm: true, hint });
const unitFault = (hint: string): FailureClassRow => ({ retry: 'no', scope: 'unit', exit: 3, hint });
const difference = (hint: string): FailureClassRow => ({ retry: 'no', scope: 'unit', exit: 4, hint });
const transient = (scope: Scope, hint: string): FailureClassRow => ({ retry: 'yes', scope, exit: 6, hint });
const later = (scope: Scope, hint: string): FailureClassRow => ({ retry: 'after', scope, exit: 6, hint });
const blocked = (scope: 'account' | 'target' | 'migration', hint: string): FailureClassRow => ({
  retry: 'after',
  scope,
  exit: 7,
  blocks: true,
  hint,
});
const configuration = (hint: string): FailureClassRow => ({ retry: 'no', scope: 'migration', exit: 2, hint });

/** Every class of failure. Adapters classify what a store answers; no other code looks at an SDK's errors. */
export const failureClasses = {
  // Content of a source blob.
  CorruptInput: corrupt('inspect the blob with `longhaul decode`, restore it at the source, then retry the unit'),
  'CorruptInput/EmptyFile': corrupt('the blob is empty, which no compressed file is; restore it at the source'),
  'CorruptInput/Truncated': corrupt('the blob ends too early; restore it at the source'),
  'CorruptInput/BlockCrc': corrupt('a block fails its checksum; restore the blob at the source'),
  'CorruptInput/StreamCrc': corrupt('a stream fails its checksum; restore the blob at the source'),
  'CorruptInput/TrailingGarbage': corrupt(
    'bytes follow the last stream; clean the blob or set transform.trailingGarbage',
  ),
  'CorruptInput/BadMagic': corrupt(
    'the blob is not in the format that transform.decompress names; correct that or `find.match`',
  ),
  DecoderDisagreement: unitFault('two decoders disagree about the blob; please report this, with the blob'),
  EmptyUnit: unitFault('no blob matched, or all are damaged; correct the unit, set `whenEmpty`, or restore the blobs'),
  Incomplete: unitFault('the blobs found do not meet `expect`; restore the missing ones or correct `expect`'),
  'LimitExceeded/BlobBytes': unitFault('raise limits.blobBytes if the blob is genuine'),
  'LimitExceeded/UnitBytes': unitFault('raise limits.unitBytes if the unit is genuine'),
  'LimitExceeded/UnitBlobs': unitFault('raise limits.unitBlobs if the unit is genuine'),
  'LimitExceeded/Expansion': unitFault('raise limits.expansion if the blob is genuine'),
  'LimitExceeded/Parts': unitFault('compress the object (transform.compress) or make the units smaller'),

  // Source.
  SourceNetwork: transient('account', 'check the network to the source account'),
  'SourceNetwork/ShortRead': transient('account', 'check the network to the source account'),
  SourceStalled: transient('account', 'check the network to the source account'),
  SourceThrottled: later('account', 'the source account is over its request limit; Longhaul slows down on its own'),
  SourceProtocol: transient('account', 'the answer is not what Azure Blob Storage sends; look for a proxy in between'),
  SourceListing: transient(
    'account',
    'the listing makes no sense; look for a proxy in between, or report it to the provider',
  ),
  SourceLengthMismatch: {
    ...unitFault('the length of the blob is not the one listed; look for a proxy in between'),
    confirm: true,
  },
  SourceMd5Mismatch: {
    ...unitFault('the blob does not match the MD5 stored with it; restore it at the source'),
    confirm: true,
  },
  SourceChanged: unitFault('the blobs change while they are read; retry once nothing writes to them'),
  SourceMissing: unitFault('a blob or container is gone; restore it or correct the unit'),
  SourceArchived: unitFault('the blob is in the archive tier; rehydrate it, then retry the unit'),
  SourceRefused: {
    ...unitFault('look up the status and code; make the blob readable, then retry the unit'),
    confirm: true,
  },
  SourceAuth: blocked('account', 'renew the credential of the account; Longhaul then continues on its own'),
  SourceForbidden: blocked(
    'account',
    'let the credential list and read in the account; Longhaul then continues on its own',
  ),
  SourceAuthUnavailable: later('account', 'the token endpoint does not answer; Longhaul waits for it'),
  UnsupportedName: unitFault('rename the blob at the source: its name cannot be requested safely'),
  ClockSkew: configuration("set this machine's clock"),

  // Target.
  TargetNetwork: transient('target', 'check the network to the target'),
  TargetThrottled: later('target', 'the target asks for fewer requests; Longhaul slows down on its own'),
  TargetUnknownOutcome: transient(
    'target',
    'the reply to a write was lost; Longhaul looks whether the object is there',
  ),
  TargetRace: transient('target', 'another writer was at work on the same key; Longhaul tries again'),
  TargetUploadGone: transient('target', 'somebody aborted the multipart upload; Longhaul starts the unit again'),
  TargetIntegrity: transient('target', 'what arrived is not what was sent; Longhaul sends it again'),
  TargetConflict: unitFault('the key is taken by a foreign object; move that away or set target.overwrite'),
  TargetRefused: {
    ...unitFault('look up the status and code; correct the target settings or the unit, then retry the unit'),
    confirm: true,
  },
  TargetAuth: blocked('target', 'renew the credential of the target; Longhaul then continues on its own'),
  TargetForbidden: blocked(
    'target',
    'let the credential put, get and make multipart uploads at the target; Longhaul then continues on its own',
  ),
  TargetMissing: blocked('target', 'create the target bucket, or correct target.bucket, region or endpoint'),
  TargetFull: blocked('target', 'free space at the target or raise its quota; Longhaul then continues on its own'),
  TargetCapability: configuration('the store ignores conditional writes; see target.conditionalWrites'),

  // Differences that a verification finds.
  'VerifyMismatch/Missing': difference('the object is gone; `longhaul retry NAME` moves its unit again'),
  'VerifyMismatch/Foreign': difference(
    'another object has the key, which `longhaul retry` never replaces; move it away, then retry',
  ),
  'VerifyMismatch/Size': difference('the object was cut or replaced; `longhaul retry NAME` moves its unit again'),
  'VerifyMismatch/Checksum': difference('the object holds other bytes; `longhaul retry NAME` moves its unit again'),
  'VerifyMismatch/Content': difference(
    'the store returns other bytes than were written; `longhaul retry NAME` moves the unit again; look into the store',
  ),
  'VerifyMismatch/Etag': difference(
    'the object was written again by somebody else; `longhaul retry NAME` moves its unit again',
  ),
  'VerifyMismatch/Metadata': difference('metadata or content type changed; `longhaul retry NAME` moves the unit again'),
  'VerifyMismatch/Tags': difference('the tags changed; set them back, or `longhaul retry NAME` moves the unit again'),
  'VerifyMismatch/StorageClass': difference(
    'a lifecycle rule or somebody changed the storage class; keep it, or `longhaul retry NAME` moves the unit again',
  ),

  // Ledger and control prefix.
  LedgerMismatch: blocked('migration', 'a control object is damaged or belongs to something else; see docs/ledger.md'),
  LedgerLost: blocked('migration', 'the ledger of a slice disappeared while it was written; see docs/ledger.md'),
  TooManyFailures: blocked(
    'migration',
    'look at `longhaul failures`; then run `longhaul resume --accept-failures`, or cancel',
  ),
  SliceFailing: blocked(
    'migration',
    "read the message and the workers' logs; Longhaul tries the slice again every minute",
  ),
  NoWorkers: later(
    'migration',
    'start `longhaul-worker` with the same TEMPORAL_* and LONGHAUL_TASK_QUEUE; Longhaul then continues on its own',
  ),
  FormatTooNew: later('worker', 'a newer Longhaul wrote this; upgrade the workers'),
  Superseded: {
    retry: 'no',
    scope: 'migration',
    exit: 1,
    hint: 'the migration continues under another Temporal server',
  },
  Fenced: { retry: 'no', scope: 'slice', exit: 1, hint: 'another attempt has taken over the slice' },

  // Worker.
  WorkerResource: later('worker', 'the worker is short of sockets or memory; lower speed.unitsInFlight'),
  'WorkerResource/Disk': later('worker', 'free disk space on the worker'),
  Stalled: later('slice', 'no byte moved for a long time; Longhaul tries the slice again'),

  // Configuration.
  ConfigError: configuration('correct the migration file'),
  'ConfigError/Credential': blocked('account', 'set the credential on the workers: see "Credentials" in the docs'),
  // What a worker may connect to depends on its environment too: another worker, or the same one set right, may.
  'ConfigError/Endpoint': blocked(
    'account',
    'correct the endpoint, or the environment of the workers: LONGHAUL_ALLOW_INSECURE_ENDPOINTS, ' +
      'LONGHAUL_TRUSTED_HOSTS, HTTPS_PROXY, AWS_REGION',
  ),
  'ConfigError/Key': configuration('correct target.key so that it renders a valid, portable key'),
  'ConfigError/KeyCollision': configuration('make target.key differ for every unit'),
  'ConfigError/Changed': configuration('undo the change, or begin the next round with `start --again`'),
  Poison: unitFault(
    'look at the log of its worker and at its blobs, give the workers more memory or correct the unit, ' +
      'then run `longhaul retry NAME --class Poison`',
  ),
  InternalPlanError: { retry: 'no', scope: 'unit', exit: 1, hint: 'this is a defect of Longhaul; please report it' },
  Unexpected: { retry: 'yes', scope: 'slice', exit: 1, hint: 'this is not a known failure; please report it' },
} as const satisfies Record<string, FailureClassRow>;

/** Name of a row of {@link failureClasses}. */
export type FailureClass = keyof typeof failureClasses;

/** Returns the row of a class. */
export function failureClassRow(failureClass: FailureClass): FailureClassRow {
  return failureClasses[failureClass];
}

/** Reports whether a name is a class of the table. */
export function isFailureClass(name: string): name is FailureClass {
  return Object.hasOwn(failureClasses, name);
}
