import { randomUUID } from 'node:crypto';
import type { ControlPrefix } from '../../control/control-prefix.js';
import type { ControlStore } from '../../control/control-store.js';
import type { TargetDefinition } from '../../domain/definition.js';
import { listKeys } from '../../control/stored-object.js';
import { Failure } from '../../domain/failure.js';
import type { ObjectTarget } from '../../pipeline/publish/object-target.js';
import type { AskedProbe } from '../answer-all.js';
import type { CheckTrail } from './check-trail.js';
import { bucketQuestions } from './bucket-questions.js';
import { probeCompleteChecksum, probePartChecksum, probePutChecksum } from './probe-checksums.js';
import { probeComplete, probeCompleteIfMatch, probeCompleteOfNothing } from './probe-complete.js';
import { probePutIfAbsent, probePutIfMatch } from './probe-conditional-writes.js';
import { probeAbsentKey, probeMetadata, probeReadBack } from './probe-object.js';
import { probeAbort, probeListedParts, probeUnevenParts } from './probe-parts.js';
import type { TargetProbing } from './target-probing.js';
import { withUpload } from './small-upload.js';

/** Returns the questions about a target whose buckets are there. What they write is in the trail. */
export function targetQuestions(probing: Omit<TargetProbing, 'signal'>, trail: CheckTrail): readonly AskedProbe[] {
  const { stores, exampleKey } = probing;
  const at: Places = {
    place: { control: withoutDelete(stores.control), base: trail.base },
    control: trail.noting('control', stores.controlTarget),
    objects: trail.noting('objects', stores.target),
    // Beside a target object nothing may be written to stay: perhaps nothing can be deleted there.
    besideObjects: `${exampleKey}.longhaul-probe-${randomUUID()}`,
  };
  return [
    ...conditionQuestions(probing, at),
    ...abilityQuestions(probing, at),
    ...absentKeyQuestion(probing, at),
    ...(probing.role === 'worker' ? objectQuestions(probing, at) : []),
    ...bucketQuestions(probing),
  ];
}

interface Places {
  readonly place: ControlPrefix;
  /** Target objects in the control bucket. */
  readonly control: ObjectTarget;
  /** Target objects in the target bucket. */
  readonly objects: ObjectTarget;
  /** A key in the target bucket that nobody has. */
  readonly besideObjects: string;
}

type Probing = Pick<TargetProbing, 'stores' | 'keyPrefix'>;

function conditionQuestions({ stores }: Probing, at: Places): readonly AskedProbe[] {
  const { place, control } = at;
  const asked: readonly AskedProbe[] = [
    {
      ...{ id: 'target/put-if-absent', what: 'If-None-Match on put', fine: 'a second put of a key is refused' },
      ask: (signal) => probePutIfAbsent(place.control, place.base, signal),
    },
    {
      ...{ id: 'target/put-if-match', what: 'If-Match on put', fine: 'a put over another version is refused' },
      ask: (signal) => probePutIfMatch(place.control, place.base, signal),
    },
    {
      ...{ id: 'target/complete-if-absent', what: 'If-None-Match on Complete', fine: 'it is refused over an object' },
      ask: (signal) => probeComplete(place, control, signal),
    },
    {
      ...{ id: 'target/complete-if-match', what: 'If-Match on Complete', fine: 'it is refused over another version' },
      ask: (signal) => probeCompleteIfMatch(place, control, signal),
    },
  ];
  return asked.map((question) => ({ ...question, ...conditionTerms(stores.definition) }));
}

function conditionTerms({ conditionalWrites }: TargetDefinition): Pick<AskedProbe, 'isAccepted' | 'fix'> {
  return { isAccepted: conditionalWrites === 'degraded', fix: conditionFix };
}

const conditionFix = ({ failureClass }: Failure): string | undefined =>
  failureClass === 'TargetCapability'
    ? 'use a store that honours it, or accept with `target.conditionalWrites: degraded` what docs/ledger.md says ' +
      'is not promised then'
    : undefined;

function abilityQuestions(
  { partBytes }: Pick<TargetProbing, 'partBytes'>,
  { place, control }: Places,
): readonly AskedProbe[] {
  const key = (name: string): string => `${place.base}/${name}`;
  const asked: readonly AskedProbe[] = [
    {
      ...{ id: 'target/put-checksum', what: 'wrong CRC-32 of a put', fine: 'it is refused' },
      ask: (signal) => probePutChecksum(control, key('wrong-put'), signal),
    },
    {
      ...{ id: 'target/part-checksum', what: 'wrong CRC-32 of a part', fine: 'it is refused' },
      ask: (signal) => probePartChecksum(control, key('wrong-part'), signal),
    },
    {
      ...{ id: 'target/complete-checksum', what: 'wrong CRC-32 of an upload', fine: 'it is refused' },
      ask: (signal) => probeCompleteChecksum(control, key('wrong-upload'), signal),
    },
    {
      ...{ id: 'target/metadata', what: 'metadata of an object' },
      ask: (signal) => probeMetadata(control, key('metadata'), signal),
    },
    {
      ...{ id: 'target/read-back', what: 'bytes of an object', fine: 'they are read as they were written' },
      ask: (signal) => probeReadBack(control, key('read-back'), signal),
    },
    {
      ...{ id: 'target/list', what: 'listing of the control prefix', fine: 'it shows what was written' },
      ask: (signal) => probeListing(place, control, signal),
    },
    {
      ...{ id: 'target/list-parts', what: 'parts of an open upload', fine: 'they are listed as they were sent' },
      ask: (signal) => probeListedParts(control, key('listed-parts'), signal),
    },
    {
      ...{ id: 'target/abort', what: 'abort of an upload', fine: 'its parts are gone' },
      ask: (signal) => probeAbort(control, key('aborted'), signal),
    },
    {
      // 11 MiB, also over a slow line.
      ...{ id: 'target/uneven-parts', what: 'parts of different sizes', timeoutMs: 180_000 },
      fine: 'an upload of 5 MiB, 6 MiB and 1 kB is completed',
      ask: (signal) => probeUnevenParts(control, { key: key('uneven'), partBytes }, signal),
    },
  ];
  return asked.map((question) => ({ ...question, fix: abilityFix }));
}

const abilityFix = ({ failureClass }: Failure): string | undefined =>
  failureClass === 'TargetCapability' ? 'use another store: Longhaul relies on this' : undefined;

async function probeListing(
  { control, base }: ControlPrefix,
  target: ObjectTarget,
  signal: AbortSignal,
): Promise<void> {
  const key = `${base}/listed`;
  await probeMetadata(target, key, signal);
  for await (const listed of listKeys(control, `${base}/`, signal)) if (listed === key) return;
  throw new Failure('TargetCapability', 'the store does not list an object just written');
}

function absentKeyQuestion({ role }: Pick<TargetProbing, 'role'>, at: Places): readonly AskedProbe[] {
  const asked: AskedProbe = {
    ...{ id: 'target/absent-key', what: 'HEAD of a key that is not there', fix: absentFix },
    fine: 'the store answers that there is none',
    ask: async (signal) => {
      await probeAbsentKey(at.control, `${at.place.base}/absent`, signal);
      if (role === 'worker') await probeAbsentKey(at.objects, at.besideObjects, signal);
    },
  };
  return [asked];
}

/** Returns the questions about target objects, which nobody but workers writes. */
function objectQuestions({ stores }: Probing, { objects, besideObjects }: Places): readonly AskedProbe[] {
  const { bucket, control } = stores.definition;
  const settings: AskedProbe = {
    ...{ id: 'target/settings', what: 'settings of target objects' },
    fine: 'their storage class, encryption, tags and metadata are accepted',
    ask: (signal) =>
      withUpload(objects, { key: besideObjects, signal }, async (upload) => {
        await upload.send(1, oneByte);
      }),
  };
  if (bucket === control.bucket) return [settings];
  const ifMatch: AskedProbe = {
    ...{ id: 'target/objects-if-match', what: `If-Match on Complete in bucket ${bucket}` },
    fine: 'it is refused over nothing',
    ...conditionTerms(stores.definition),
    ask: (signal) => probeCompleteOfNothing(objects, besideObjects, signal),
  };
  return [settings, ifMatch];
}

const oneByte = Buffer.from('x');

const absentFix = (failure: Failure): string | undefined =>
  failure.failureClass === 'TargetForbidden'
    ? 'allow s3:ListBucket on the bucket: without it, an absent object looks like a forbidden one'
    : abilityFix(failure);

/** Deletes nothing: the trail deletes all that is written at the end, and its probe says whether the credential may. */
function withoutDelete(control: ControlStore): ControlStore {
  return {
    read: (...request) => control.read(...request),
    write: (...request) => control.write(...request),
    overwrite: (...request) => control.overwrite(...request),
    overwriteStream: (...request) => control.overwriteStream(...request),
    readStream: (...request) => control.readStream(...request),
    listPage: (...request) => control.listPage(...request),
    delete: async () => {},
  };
}
