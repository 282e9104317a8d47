/**
 * What may be tried again, and when.
 * `no`: the same input gives the same failure. `yes`: again soon. `after`: again, but only after a delay or an operator's act.
 */
export type Retry = 'no' | 'yes' | 'after';

/**
 * Whose fault it is, and so who stops.
 * `unit`: this unit alone fails. `account`: a source account is blocked. `target`: the target is blocked.
 * `worker`: this process is short of something. `slice`: this attempt ends. `migration`: nothing may start or go on.
 */
export type Scope = 'unit' | 'account' | 'target' | 'worker' | 'slice' | 'migration';

/** One row of the failure table. `hint` tells the user what to do next; `exit` is the CLI's status when nothing else decides. */
export interface FailureClassRow {
  readonly retry: Retry;
  readonly scope: Scope;
  readonly exit: 1 | 2 | 3 | 4 | 6 | 7;
  readonly hint: string;
  /** The unit is moved once more before it counts as failed, so that a fault on the way is not taken for one of the content. */
  readonly confirm?: true;
  /** Waits for an operator: no unit fails by it, and trying again within seconds is no use. */
  readonly blocks?: true;
}

const corrupt = (hint: string): FailureClassRow => ({ retry: 'no', scope: 'unit', exit: 3, confirm: true, hint });
const unitFault = (hint: string): FailureClassRow => ({ retry: 'no', scope: 'unit', exit: 3, hint });
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

/** Every class of failure that Longhaul knows. Adapters classify what a store says into it; nobody else looks at an SDK's errors. */
export const failureClasses = {
  // Content of a source blob.
  CorruptInput: corrupt('look at the blob with `longhaul decode`; restore it at the source, then retry the unit'),
  'CorruptInput/EmptyFile': corrupt(
    'the blob has no bytes, where compressed ones are expected; restore it at the source',
  ),
  'CorruptInput/Truncated': corrupt('the blob ends too early; restore it at the source'),
  'CorruptInput/BlockCrc': corrupt('a block does not match its checksum; restore the blob at the source'),
  'CorruptInput/StreamCrc': corrupt('a stream does not match its checksum; restore the blob at the source'),
  'CorruptInput/TrailingGarbage': corrupt(
    'bytes follow the last stream; clean the blob or set transform.trailingGarbage',
  ),
  'CorruptInput/BadMagic': corrupt('the blob is not what transform.decompress says; correct that or `find.match`'),
  DecoderDisagreement: unitFault('two decoders differ over the blob; please report it with the blob'),
  EmptyUnit: unitFault('no blob matched, or each is damaged; correct the unit, set `whenEmpty`, or restore the blobs'),
  Incomplete: unitFault('the blobs found do not meet `expect`'),
  'LimitExceeded/BlobBytes': unitFault('raise limits.blobBytes if the blob is genuine'),
  'LimitExceeded/UnitBytes': unitFault('raise limits.unitBytes if the unit is genuine'),
  'LimitExceeded/UnitBlobs': unitFault('raise limits.unitBlobs if the unit is genuine'),
  'LimitExceeded/Expansion': unitFault('raise limits.expansion if the blob is genuine'),
  'LimitExceeded/Parts': unitFault('compress the object (transform.compress), or make smaller units'),

  // Source.
  SourceNetwork: transient('account', 'check the network to the source account'),
  'SourceNetwork/ShortRead': transient('account', 'check the network to the source account'),
  SourceStalled: transient('account', 'check the network to the source account'),
  SourceThrottled: later('account', 'the source account is over its limit; Longhaul slows down by itself'),
  SourceProtocol: transient('account', 'the source answered with something unexpected; look for a proxy in between'),
  SourceListing: transient('account', 'the listing broke; it is made again'),
  SourceLengthMismatch: { ...unitFault('the blob is not as long as its listing says'), confirm: true },
  SourceMd5Mismatch: { ...unitFault('the blob does not match the MD5 stored with it'), confirm: true },
  SourceChanged: unitFault('the blobs change while they are read; retry when the source is at rest'),
  SourceMissing: unitFault('a blob or container is gone; restore it or correct the unit'),
  SourceArchived: unitFault('the blob is in the archive tier; rehydrate it, then retry the unit'),
  SourceAuth: blocked('account', 'renew the credential of the account; Longhaul goes on by itself'),
  SourceForbidden: blocked('account', 'grant the credential list and read on the account; Longhaul goes on by itself'),
  SourceAuthUnavailable: later('account', 'the token endpoint does not answer; Longhaul waits for it'),
  UnsupportedName: unitFault('the name of a blob cannot be addressed safely; rename it at the source'),
  ClockSkew: configuration("set this machine's clock"),

  // Target.
  TargetNetwork: transient('target', 'check the network to the target'),
  TargetThrottled: later('target', 'the target asks for fewer requests; Longhaul slows down by itself'),
  TargetUnknownOutcome: transient('target', 'the outcome of a write is not known; a HEAD decides'),
  TargetRace: transient('target', 'another writer was at work on the same key'),
  TargetUploadGone: transient('target', 'the multipart upload was aborted by somebody; the unit starts again'),
  TargetIntegrity: transient('target', 'what arrived is not what was sent; it is sent again'),
  TargetConflict: unitFault('a foreign object has the key; move it away or set target.overwrite'),
  TargetAuth: blocked('target', 'renew the credential of the target; Longhaul goes on by itself'),
  TargetForbidden: blocked(
    'target',
    'grant the credential put, get and multipart on the target; Longhaul goes on by itself',
  ),
  TargetMissing: blocked('target', 'create the target bucket or correct target.bucket'),
  TargetCapability: configuration('the store ignores conditional writes; see target.conditionalWrites'),

  // Ledger and control prefix.
  LedgerMismatch: blocked('migration', 'the ledger belongs to another definition or other units; see docs/ledger.md'),
  LedgerLost: blocked('migration', 'the ledger of a slice vanished while it was written; see docs/ledger.md'),
  TooManyFailures: blocked(
    'migration',
    'look at `longhaul failures`; then go on with `longhaul resume --accept-failures`, or cancel',
  ),
  SliceFailing: blocked(
    'migration',
    "look at the message and at the workers' logs; the slice is tried again each minute, and goes on by itself",
  ),
  FormatTooNew: later('worker', 'a newer Longhaul wrote this; upgrade the workers'),
  Superseded: { retry: 'no', scope: 'migration', exit: 1, hint: 'the migration goes on under another Temporal server' },
  Fenced: { retry: 'no', scope: 'slice', exit: 1, hint: 'another attempt has taken the slice over' },

  // Worker.
  WorkerResource: later('worker', 'the worker is short of sockets or memory; lower speed.unitsInFlight'),
  'WorkerResource/Disk': later('worker', 'free disk space on the worker'),
  Stalled: later('slice', 'no byte moved for a long time; the slice is tried again'),

  // Configuration.
  ConfigError: configuration('correct the migration file'),
  'ConfigError/Credential': configuration('set the credential on the workers: see "Credentials" in the docs'),
  'ConfigError/Endpoint': configuration('correct the endpoint'),
  'ConfigError/Key': configuration('correct target.key so that it gives a valid, portable key'),
  'ConfigError/KeyCollision': configuration('make target.key differ for every unit'),
  'ConfigError/Changed': configuration('undo the change, or begin the next round with `start --again`'),
  Poison: unitFault(
    'look at the log of its worker and at its blobs, give the workers more memory or correct the unit, then `longhaul retry NAME --class Poison`',
  ),
  InternalPlanError: { retry: 'no', scope: 'unit', exit: 1, hint: 'this is a defect of Longhaul; please report it' },
  Unexpected: { retry: 'yes', scope: 'slice', exit: 1, hint: 'this is not a known failure; please report it' },
} as const satisfies Record<string, FailureClassRow>;

/** Name of a row of {@link failureClasses}. */
export type FailureClass = keyof typeof failureClasses;

/** Gives the row of a class. */
export function failureClassRow(failureClass: FailureClass): FailureClassRow {
  return failureClasses[failureClass];
}

/** Tells whether a name is a class of the table. */
export function isFailureClass(name: string): name is FailureClass {
  return Object.hasOwn(failureClasses, name);
}
