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
 * One row of the failure table. `means` says what happened, `hint` what to do next; `exit` is the status of the command
 * line when nothing else decides it.
 */
export interface FailureClassRow {
  readonly means: string;
  readonly retry: Retry;
  readonly scope: Scope;
  readonly exit: 1 | 2 | 3 | 4 | 6 | 7;
  readonly hint: string;
  /** The unit is moved once more before it counts as failed, so that a network fault is not blamed on the blob. */
  readonly confirm?: true;
  /** Waits for an operator: it fails no unit, and another try within seconds is pointless. */
  readonly blocks?: true;
}

const unitFault = (means: string, hint: string): FailureClassRow => ({
  means,
  retry: 'no',
  scope: 'unit',
  exit: 3,
  hint,
});
const corrupt = (means: string, hint: string): FailureClassRow => ({ ...unitFault(means, hint), confirm: true });
const difference = (means: string, hint: string): FailureClassRow => ({ ...unitFault(means, hint), exit: 4 });
const transient = (scope: Scope, means: string, hint: string): FailureClassRow => ({
  means,
  retry: 'yes',
  scope,
  exit: 6,
  hint,
});
const later = (scope: Scope, means: string, hint: string): FailureClassRow => ({
  means,
  retry: 'after',
  scope,
  exit: 6,
  hint,
});
const blocked = (scope: 'account' | 'target' | 'migration', means: string, hint: string): FailureClassRow => ({
  means,
  retry: 'after',
  scope,
  exit: 7,
  blocks: true,
  hint,
});
const configuration = (means: string, hint: string): FailureClassRow => ({
  means,
  retry: 'no',
  scope: 'migration',
  exit: 2,
  hint,
});

/** Every class of failure. Adapters classify what a store answers; no other code looks at an SDK's errors. */
export const failureClasses = {
  // Content of a source blob.
  CorruptInput: corrupt(
    'the bytes of a blob cannot be decoded',
    'inspect the blob with `longhaul decode`, restore it at the source, then retry the unit',
  ),
  'CorruptInput/EmptyFile': corrupt(
    'a blob of no bytes was to be decoded',
    'the blob is empty, which no compressed file is; restore it at the source',
  ),
  'CorruptInput/Truncated': corrupt(
    'the compressed data end in the middle of a stream',
    'the blob ends too early; restore it at the source',
  ),
  'CorruptInput/BlockCrc': corrupt(
    'a block of a blob unpacks to other bytes than its checksum says',
    'a block fails its checksum; restore the blob at the source',
  ),
  'CorruptInput/StreamCrc': corrupt(
    'a stream of a blob unpacks to other bytes than its checksum says',
    'a stream fails its checksum; restore the blob at the source',
  ),
  'CorruptInput/TrailingGarbage': corrupt(
    'bytes that are not a stream follow the last stream of a blob',
    'bytes follow the last stream; clean the blob or set transform.trailingGarbage',
  ),
  'CorruptInput/BadMagic': corrupt(
    'the first bytes of a blob are not those of its format',
    'the blob is not in the format that transform.decompress names; correct that or `find.match`',
  ),
  DecoderDisagreement: unitFault(
    'one decoder accepts a blob and the other refuses it, or they unpack it to different bytes',
    'two decoders disagree about the blob; please report this, with the blob',
  ),
  EmptyUnit: unitFault(
    'the lookups of a unit found no blob, or none that is whole',
    'no blob matched, or all are damaged; correct the unit, set `whenEmpty`, or restore the blobs',
  ),
  Incomplete: unitFault(
    '`expect` of the migration file does not hold for the blobs of a unit',
    'the blobs found do not meet `expect`; restore the missing ones or correct `expect`',
  ),
  'LimitExceeded/BlobBytes': unitFault(
    'a blob unpacks to more bytes than allowed',
    'raise limits.blobBytes if the blob is genuine',
  ),
  'LimitExceeded/UnitBytes': unitFault(
    'a unit unpacks to more bytes than allowed',
    'raise limits.unitBytes if the unit is genuine',
  ),
  'LimitExceeded/UnitBlobs': unitFault(
    'a unit has more blobs than allowed',
    'raise limits.unitBlobs if the unit is genuine',
  ),
  'LimitExceeded/Expansion': unitFault(
    'a blob unpacks to more times its size than allowed',
    'raise limits.expansion if the blob is genuine',
  ),
  'LimitExceeded/Parts': unitFault(
    'an object would need more than 10,000 parts',
    'compress the object (transform.compress) or make the units smaller',
  ),

  // Source.
  SourceNetwork: transient(
    'account',
    'a request to the source got no answer: the connection was refused, reset or cut',
    'check the network to the source account',
  ),
  'SourceNetwork/ShortRead': transient(
    'account',
    'an answer of the source ended before its announced length',
    'check the network to the source account',
  ),
  SourceStalled: transient(
    'account',
    'the source sent nothing, or next to nothing, for too long',
    'check the network to the source account',
  ),
  SourceThrottled: later(
    'account',
    'the source is busy: it answered 429 or 503, or that an operation timed out',
    'the source account is over its request limit; Longhaul slows down on its own',
  ),
  SourceProtocol: transient(
    'account',
    'an answer of the source contradicts itself or the request',
    'the answer is not what Azure Blob Storage sends; look for a proxy in between',
  ),
  SourceListing: transient(
    'account',
    'a listing repeats itself, does not end, or names blobs that were not asked for',
    'the listing makes no sense; look for a proxy in between, or report it to the provider',
  ),
  SourceLengthMismatch: {
    ...unitFault(
      'a blob has another length than the listing said',
      'the length of the blob is not the one listed; look for a proxy in between',
    ),
    confirm: true,
  },
  SourceMd5Mismatch: {
    ...unitFault(
      'the bytes of a blob have another MD5 than the one stored with it',
      'the blob does not match the MD5 stored with it; restore it at the source',
    ),
    confirm: true,
  },
  SourceChanged: unitFault(
    'a blob was replaced after it was listed, again and again',
    'the blobs change while they are read; retry once nothing writes to them',
  ),
  SourceMissing: unitFault(
    'a blob was deleted after it was listed, or its container does not exist',
    'a blob or container is gone; restore it or correct the unit',
  ),
  SourceArchived: unitFault(
    'a blob is in the archive tier, or still on its way out of it',
    'the blob is in the archive tier; rehydrate it, then retry the unit',
  ),
  SourceRefused: {
    ...unitFault(
      'the source refuses to read one blob for good',
      'look up the status and code; make the blob readable, then retry the unit',
    ),
    confirm: true,
  },
  SourceAuth: blocked(
    'account',
    'the source does not accept the credential of an account',
    'renew the credential of the account; Longhaul then continues on its own',
  ),
  SourceForbidden: blocked(
    'account',
    'the credential of an account lacks a permission, or a firewall is in the way',
    'let the credential list and read in the account; Longhaul then continues on its own',
  ),
  SourceAuthUnavailable: later(
    'account',
    'a token for an account could not be fetched',
    'the token endpoint does not answer; Longhaul waits for it',
  ),
  UnsupportedName: unitFault(
    'no request can name this blob unambiguously',
    'rename the blob at the source: its name cannot be requested safely',
  ),
  ClockSkew: configuration(
    'a server refuses signatures because the clock of the worker is wrong',
    "set this machine's clock",
  ),

  // Target.
  TargetNetwork: transient(
    'target',
    'a request to the target got no answer: the connection was refused, reset or cut',
    'check the network to the target',
  ),
  TargetThrottled: later(
    'target',
    'the target is busy: it answered 429 or 503',
    'the target asks for fewer requests; Longhaul slows down on its own',
  ),
  TargetUnknownOutcome: transient(
    'target',
    'it is not yet known whether a write has happened',
    'the reply to a write was lost; Longhaul looks whether the object is there',
  ),
  TargetRace: transient(
    'target',
    'two writes to one key happened at the same time',
    'another writer was at work on the same key; Longhaul tries again',
  ),
  TargetUploadGone: transient(
    'target',
    'an upload in parts is no longer there',
    'somebody aborted the multipart upload; Longhaul starts the unit again',
  ),
  TargetIntegrity: transient(
    'target',
    'the target has other bytes than those that were sent',
    'what arrived is not what was sent; Longhaul sends it again',
  ),
  TargetConflict: unitFault(
    'an object that is foreign, or must not be replaced, has the key of the unit',
    'the key is taken by a foreign object; move that away or set target.overwrite',
  ),
  TargetRefused: {
    ...unitFault(
      'the target refuses to write one object for good',
      'look up the status and code; correct the target settings or the unit, then retry the unit',
    ),
    confirm: true,
  },
  TargetAuth: blocked(
    'target',
    'the target does not accept the credential',
    'renew the credential of the target; Longhaul then continues on its own',
  ),
  TargetForbidden: blocked(
    'target',
    'the credential lacks a permission at the target, or may not use a KMS key',
    'let the credential put, get and make multipart uploads at the target; Longhaul then continues on its own',
  ),
  TargetMissing: blocked(
    'target',
    'the bucket does not exist, or is in another region',
    'create the target bucket, or correct target.bucket, region or endpoint',
  ),
  TargetFull: blocked(
    'target',
    'the target has no space left, or its quota is used up',
    'free space at the target or raise its quota; Longhaul then continues on its own',
  ),
  TargetCapability: configuration(
    'the store lacks something that Longhaul relies on',
    'the store ignores conditional writes; see target.conditionalWrites',
  ),

  // Differences that a verification finds.
  'VerifyMismatch/Missing': difference(
    'there is no object where the receipt has one',
    'the object is gone; `longhaul retry NAME` moves its unit again',
  ),
  'VerifyMismatch/Foreign': difference(
    'an object is there that Longhaul did not write',
    'another object has the key, and `longhaul retry` never replaces it; move it away, then retry',
  ),
  'VerifyMismatch/Size': difference(
    'the object has another length than the receipt says',
    'the object was cut or replaced; `longhaul retry NAME` moves its unit again',
  ),
  'VerifyMismatch/Checksum': difference(
    'the object has another checksum than the receipt says',
    'the object holds other bytes; `longhaul retry NAME` moves its unit again',
  ),
  'VerifyMismatch/Content': difference(
    'the object unpacks to other bytes than the receipt says',
    'the store returns other bytes than were written; `longhaul retry NAME` moves the unit again; look into the store',
  ),
  'VerifyMismatch/Etag': difference(
    'the object has another ETag than the receipt says',
    'the object was written again by somebody else; `longhaul retry NAME` moves its unit again',
  ),
  'VerifyMismatch/Metadata': difference(
    'the object has other metadata or another content type than were written',
    'metadata or content type changed; `longhaul retry NAME` moves the unit again',
  ),
  'VerifyMismatch/Tags': difference(
    'the object has other tags than were written',
    'the tags changed; set them back, or `longhaul retry NAME` moves the unit again',
  ),
  'VerifyMismatch/StorageClass': difference(
    'the object is in another storage class than the file says',
    'a lifecycle rule or somebody changed the storage class; keep it, or `longhaul retry NAME` moves the unit again',
  ),

  // Ledger and control prefix.
  LedgerMismatch: blocked(
    'migration',
    'a record below the control prefix is not what it should be',
    'a control object is damaged or belongs to something else; see docs/ledger.md',
  ),
  LedgerLost: blocked(
    'migration',
    'a ledger that was there is gone',
    'the ledger of a slice disappeared while it was written; see docs/ledger.md',
  ),
  TooManyFailures: blocked(
    'migration',
    'more units have failed than limits.failedUnits allows',
    'look at `longhaul failures`; then run `longhaul resume --accept-failures`, or cancel',
  ),
  SliceFailing: blocked(
    'migration',
    'a slice fails again and again, and no unit, account or store is to blame',
    "read the message and the workers' logs; Longhaul tries the slice again every minute",
  ),
  NoWorkers: later(
    'migration',
    'no worker answers on the task queue',
    'start `longhaul-worker` with the same TEMPORAL_* and LONGHAUL_TASK_QUEUE; Longhaul then continues on its own',
  ),
  FormatTooNew: later(
    'worker',
    'a record has a format that this version does not know',
    'a newer Longhaul wrote this; upgrade the workers',
  ),
  Superseded: {
    means: 'another run of the migration has taken over',
    retry: 'no',
    scope: 'migration',
    exit: 1,
    hint: 'the migration continues under another Temporal server',
  },
  Fenced: {
    means: 'another attempt at the same slice writes its ledger now',
    retry: 'no',
    scope: 'slice',
    exit: 1,
    hint: 'another attempt has taken over the slice',
  },

  // Worker.
  WorkerResource: later(
    'worker',
    'the worker has no more sockets, file handles or memory',
    'the worker is short of sockets or memory; lower speed.unitsInFlight',
  ),
  'WorkerResource/Disk': later('worker', 'the worker has no more disk space', 'free disk space on the worker'),
  Stalled: later(
    'slice',
    'no answer came and no byte moved for 10 minutes',
    'no byte moved for a long time; Longhaul tries the slice again',
  ),

  // Configuration.
  ConfigError: configuration('the migration file says something that cannot be done', 'correct the migration file'),
  'ConfigError/Credential': blocked(
    'account',
    'a worker has no usable value for the credential that an account names',
    'set the credential on the workers: see "Credentials" in the docs',
  ),
  // What a worker may connect to depends on its environment too: another worker, or the same one set right, may.
  'ConfigError/Endpoint': blocked(
    'account',
    'a worker may not connect to an endpoint',
    'correct the endpoint, or the environment of the workers: LONGHAUL_ALLOW_INSECURE_ENDPOINTS, ' +
      'LONGHAUL_TRUSTED_HOSTS, HTTPS_PROXY, AWS_REGION',
  ),
  'ConfigError/Key': configuration(
    'the template of the target key renders something that cannot be a key',
    'correct target.key so that it renders a valid, portable key',
  ),
  'ConfigError/KeyCollision': configuration(
    'two units have the same target key',
    'make target.key differ for every unit',
  ),
  'ConfigError/Changed': configuration(
    'the file differs from that of the migration with this name',
    'undo the change, or begin the next round with `start --again`',
  ),
  Poison: unitFault(
    'a unit has killed its process three times while it moved alone',
    'look at the log of its worker and at its blobs, give the workers more memory or correct the unit, ' +
      'then run `longhaul retry NAME --class Poison`',
  ),
  InternalPlanError: {
    means: 'Longhaul made a plan that it must not make',
    retry: 'no',
    scope: 'unit',
    exit: 1,
    hint: 'this is a defect of Longhaul; please report it',
  },
  Unexpected: {
    means: 'something failed in a way that nobody has foreseen',
    retry: 'yes',
    scope: 'slice',
    exit: 1,
    hint: 'this is not a known failure; please report it',
  },
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
