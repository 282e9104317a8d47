import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TargetDefinition } from '../../../src/domain/definition.js';
import type { Probe } from '../../../src/domain/probe.js';
import { Secret } from '../../../src/domain/text/secret.js';
import { answerAll } from '../../../src/probes/answer-all.js';
import { openCheckTrail, removeAbandonedTrails } from '../../../src/probes/target/check-trail.js';
import { bucketQuestions } from '../../../src/probes/target/bucket-questions.js';
import type { ProbedTarget } from '../../../src/probes/target/probed-target.js';
import { probeTarget } from '../../../src/probes/target/probe-target.js';
import { openProbedTarget } from '../../../src/stores/s3/open-probed-target.js';
import { type Lie, type LyingS3, type Setting, startLyingS3 } from '../../support/servers/lying-s3.js';

const nowMs = Date.parse('2026-01-02T03:04:05Z');
const another = 'use another store: Longhaul relies on this';
const honour =
  'use a store that honours it, or accept with `target.conditionalWrites: degraded` what docs/ledger.md says is not ' +
  'promised then';

let server: LyingS3;
beforeAll(async () => {
  server = await startLyingS3();
});
afterAll(() => server.close());
beforeEach(() => {
  server.lies.clear();
  server.settings.clear();
  server.objects.clear();
  server.uploads.clear();
  server.before = () => undefined;
});

function open(changes: Partial<TargetDefinition> = {}): { readonly stores: ProbedTarget; readonly end: () => void } {
  const definition: TargetDefinition = {
    ...{ endpoint: server.url, forcePathStyle: true, bucket: 'archive', key: 'orders/{{ id }}', overwrite: 'never' },
    ...{ conditionalWrites: 'require', tags: {}, metadata: {}, control: { bucket: 'archive', prefix: '.longhaul' } },
    ...changes,
  };
  const keys = { accessKeyId: 'testkey', secretAccessKey: new Secret('testsecret1') };
  const stores = openProbedTarget({ definition, keys, allowInsecureEndpoints: true });
  return { stores, end: () => stores.close() };
}

async function probe(
  changes: Partial<TargetDefinition> = {},
  given: { readonly signal?: AbortSignal; readonly nowMs?: number; readonly role?: 'operator' } = {},
): Promise<readonly Probe[]> {
  const { stores, end } = open(changes);
  const what = {
    role: 'worker',
    stores,
    base: '.longhaul/orders',
    exampleKey: 'orders/1',
    keyPrefix: 'orders/',
    partBytes: [5, 6, 1],
  } as const;
  try {
    return await probeTarget({ ...what, nowMs, signal: new AbortController().signal, ...given });
  } finally {
    end();
  }
}

const ids = (probes: readonly Probe[], verdict: Probe['verdict']) =>
  probes.filter((each) => each.verdict === verdict).map(({ id }) => id);
const only = (probes: readonly Probe[], id: string) => probes.find((each) => each.id === id);

/** A lie, the probe that finds it out, what that says, and what to do. */
type Row = readonly [Lie, string, string, string];

// Lies of one group concern different probes, so one check finds all of them.
const groups: readonly (readonly Row[])[] = [
  [
    [
      'ignores If-None-Match on put',
      'target/put-if-absent',
      'the store accepts a write whose If-None-Match does not hold',
      honour,
    ],
    [
      'ignores If-Match on put',
      'target/put-if-match',
      'the store accepts a write whose If-Match does not hold',
      honour,
    ],
    [
      'ignores If-None-Match on Complete',
      'target/complete-if-absent',
      'the store completes an upload whose If-None-Match does not hold',
      honour,
    ],
    [
      'ignores If-Match on Complete',
      'target/complete-if-match',
      'the store completes an upload whose If-Match does not hold',
      honour,
    ],
    [
      'accepts a wrong CRC-32 of a put',
      'target/put-checksum',
      'the store accepts a put whose CRC-32 is wrong',
      another,
    ],
    [
      'accepts a wrong CRC-32 of a part',
      'target/part-checksum',
      'the store accepts a part whose CRC-32 is wrong',
      another,
    ],
    [
      'accepts a wrong CRC-32 of an upload',
      'target/complete-checksum',
      'the store accepts an upload whose CRC-32 is wrong',
      another,
    ],
    [
      'changes a byte of what is read back',
      'target/read-back',
      'the store returns other bytes than it was sent',
      another,
    ],
    ['lists no parts', 'target/list-parts', 'the store does not list part 1 of an upload as it took it', another],
    ['lists nothing', 'target/list', 'the store does not list an object just written', another],
  ],
  [
    ['refuses every If-Match on put', 'target/put-if-match', 'the store refuses a write whose If-Match holds', honour],
    [
      'refuses If-Match on Complete',
      'target/complete-if-match',
      'the store refuses to complete an upload whose If-Match holds',
      honour,
    ],
    ['keeps aborted uploads', 'target/abort', 'the store keeps an upload after it was aborted', another],
    [
      'wants parts of one size',
      'target/uneven-parts',
      'the store does not complete an upload of parts of different sizes: complete the upload of KEY in bucket ' +
        'archive: no (400 InvalidPart)',
      another,
    ],
    [
      'tells another CRC-32',
      'target/metadata',
      'the store reports another CRC-32 for an object than it was sent',
      another,
    ],
    [
      'refuses storage classes',
      'target/settings',
      'begin the upload of KEY in bucket archive: no (400 InvalidStorageClass)',
      'correct the migration file',
    ],
  ],
  [
    [
      'answers 403 to a HEAD of nothing',
      'target/absent-key',
      'look up KEY in bucket archive: the credential is known but not allowed to do this (403)',
      'allow s3:ListBucket on the bucket: without it, an absent object looks like a forbidden one',
    ],
  ],
];

describe.each(groups.map((rows, number) => [number, rows] as const))('a store that lies, in group %d', (_, rows) => {
  let probes: readonly Probe[];
  beforeAll(async () => {
    for (const [lie] of rows) server.lies.add(lie);
    probes = await probe({ storageClass: 'STANDARD_IA' });
  });

  it.each(rows)('is found out if it %s', (_lie, id, message, fix) => {
    const found = only(probes, id);
    const said = found?.message.replace(/\S*longhaul\S*/, 'KEY');
    expect({ ...found, message: said }).toMatchObject({ verdict: 'failed', message, fix });
  });
});

describe('probing a target', () => {
  it('finds nothing wrong with an honest store, and leaves nothing behind', async () => {
    server.settings.set('versioning', '<VersioningConfiguration/>');
    server.settings.set('object-lock', { status: 404, code: 'ObjectLockConfigurationNotFoundError' });
    server.settings.set(
      'lifecycle',
      `<LifecycleConfiguration><Rule><ID>tidy</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter>
       <AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>
       </Rule></LifecycleConfiguration>`,
    );
    const probes = await probe();
    expect(probes.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    expect(probes.map(({ id, what, message }) => `${id}: ${what}: ${message}`)).toMatchInlineSnapshot(`
      [
        "target/bucket: bucket archive: it is there, and the credential may list it",
        "target/put-if-absent: If-None-Match on put: a second put of a key is refused",
        "target/put-if-match: If-Match on put: a put over another version is refused",
        "target/complete-if-absent: If-None-Match on Complete: it is refused over an object",
        "target/complete-if-match: If-Match on Complete: it is refused over another version",
        "target/put-checksum: wrong CRC-32 of a put: it is refused",
        "target/part-checksum: wrong CRC-32 of a part: it is refused",
        "target/complete-checksum: wrong CRC-32 of an upload: it is refused",
        "target/metadata: metadata of an object: objects keep their metadata and their CRC-32",
        "target/read-back: bytes of an object: they are read as they were written",
        "target/list: listing of the control prefix: it shows what was written",
        "target/list-parts: parts of an open upload: they are listed as they were sent",
        "target/abort: abort of an upload: its parts are gone",
        "target/uneven-parts: parts of different sizes: an upload of 5 MiB, 6 MiB and 1 kB is completed",
        "target/absent-key: HEAD of a key that is not there: the store answers that there is none",
        "target/settings: settings of target objects: their storage class, encryption, tags and metadata are accepted",
        "target/versioning: versions in bucket archive: versioning is off",
        "target/object-lock: Object Lock of bucket archive: Object Lock is off",
        "target/lifecycle: rules for .longhaul/ in bucket archive: no lifecycle rule touches the control prefix",
        "target/abandoned-uploads: abandoned uploads: a lifecycle rule aborts abandoned uploads after 7 days",
        "target/credential: credential of the target: a key that does not end by itself",
        "target/delete: deletion of control objects: all that this check has written is deleted",
      ]
    `);
    expect([...server.objects.keys()]).toEqual([]);
    expect(server.uploads.size).toBe(0);
  });

  it('only warns of conditions that the file says do not count', async () => {
    server.lies.add('ignores If-None-Match on put').add('does not implement conditions on Complete');
    const probes = await probe({ conditionalWrites: 'degraded' });
    expect(ids(probes, 'failed')).toEqual([]);
    expect(ids(probes, 'warning')).toEqual([
      'target/put-if-absent',
      'target/complete-if-absent',
      'target/complete-if-match',
    ]);
  });

  it('looks no further than a bucket that is not there', async () => {
    const before = server.requests.length;
    const probes = await probe({ control: { bucket: 'absent', prefix: '.longhaul' } });
    expect(probes.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      'target/bucket ok',
      'target/control-bucket failed',
    ]);
    expect(probes[1]).toMatchObject({
      message: 'find the bucket in bucket absent: the bucket does not exist (404)',
      fix: 'create the target bucket, or correct target.bucket, region or endpoint',
      class: 'TargetMissing',
    });
    expect(server.requests.length).toBe(before + 2);
  });

  it('leaves nothing in a target bucket that is not that of the control prefix', async () => {
    const put: string[] = [];
    server.before = ({ method, url }) => {
      if (method === 'PUT') put.push(url);
      return undefined;
    };
    const probes = await probe({ control: { bucket: 'own', prefix: '.longhaul' } });
    expect(only(probes, 'target/objects-if-match')).toMatchObject({ verdict: 'ok' });
    const inTarget = put.filter((url) => url.startsWith('/archive/'));
    expect(inTarget).not.toEqual([]);
    expect(inTarget.every((url) => url.includes('partNumber='))).toBe(true);
    expect(server.uploads.size).toBe(0);
  });

  it('touches nothing but the control prefix with the credential of an operator', async () => {
    const urls: string[] = [];
    server.before = ({ method, url }) => {
      urls.push(`${method} ${new URL(url, server.url).pathname}`);
      return undefined;
    };
    const probes = await probe({}, { role: 'operator' });
    expect(ids(probes, 'failed')).toEqual([]);
    expect(urls.filter((url) => !/^\S+ \/archive\/?(\.longhaul\/orders\/check\/.*)?$/.test(url))).toEqual([]);
  });

  it('says what stays when nothing may be deleted, and removes it an hour later', async () => {
    server.lies.add('refuses deletion');
    const probes = await probe();
    expect(only(probes, 'target/delete')).toMatchObject({ verdict: 'failed', class: 'TargetForbidden' });
    const left = [...server.objects.keys()];
    expect(left).not.toEqual([]);
    const [, folder = ''] = /what stays is below ([^,]+)/.exec(only(probes, 'target/delete')?.fix ?? '') ?? [];
    expect(left.filter((key) => !key.startsWith(`archive/${folder}`))).toEqual([]);

    server.lies.clear();
    await probe({}, { nowMs: nowMs + 3_500_000 });
    expect([...server.objects.keys()]).toEqual(left);
    const later = await probe({}, { nowMs: nowMs + 3_700_000 });
    expect(only(later, 'target/delete')?.message).toBe(
      'all that this check has written is deleted, and so is what 1 killed checks had left',
    );
    expect([...server.objects.keys()]).toEqual([]);
  });

  it('notes its uploads, so that a later check can abort those of one that was killed', async () => {
    const { stores, end } = open();
    const place = { control: stores.control, base: '.longhaul/orders' };
    const targets = { control: stores.controlTarget, objects: stores.target };
    const trail = openCheckTrail(place, targets, nowMs);
    const signal = new AbortController().signal;
    await trail.noting('control', stores.controlTarget).createUpload(`${trail.base}/uneven`, {}, signal);
    await trail.noting('objects', stores.target).createUpload('orders/1.longhaul-probe', {}, signal);
    expect(server.uploads.size).toBe(2);

    expect(await removeAbandonedTrails(place, targets, { nowMs: nowMs + 3_500_000, signal })).toBe(0);
    expect(server.uploads.size).toBe(2);
    expect(await removeAbandonedTrails(place, targets, { nowMs: nowMs + 3_700_000, signal })).toBe(1);
    expect(server.uploads.size).toBe(0);
    expect([...server.objects.keys()]).toEqual([]);
    end();
  });

  it('removes what a killed check has left although its note is damaged', async () => {
    const { stores, end } = open();
    const place = { control: stores.control, base: '.longhaul/orders' };
    const targets = { control: stores.controlTarget, objects: stores.target };
    const trail = openCheckTrail(place, targets, nowMs);
    const signal = new AbortController().signal;
    for (const name of ['uploads.json', 'object'])
      await stores.control.overwrite(`${trail.base}/${name}`, Buffer.from('[{"at":'), signal);
    expect(await removeAbandonedTrails(place, targets, { nowMs: nowMs + 3_700_000, signal })).toBe(1);
    expect([...server.objects.keys()]).toEqual([]);
    end();
  });

  it('aborts its uploads when it is interrupted', async () => {
    const interrupted = new AbortController();
    server.before = ({ url }) => {
      if (url.includes('partNumber=')) interrupted.abort(new Error('interrupted'));
      return undefined;
    };
    await expect(probe({}, { signal: interrupted.signal })).rejects.toThrow('interrupted');
    expect(server.uploads.size).toBe(0);
  });
});

describe('the settings of a bucket', () => {
  const lifecycle = (rule: string): string =>
    `<LifecycleConfiguration><Rule><ID>old</ID><Status>Enabled</Status>${rule}</Rule></LifecycleConfiguration>`;
  const expires = '<Expiration><Days>30</Days></Expiration>';
  const denied: Setting = { status: 403, code: 'AccessDenied' };

  it.each<readonly [string, Setting, string, Probe['verdict'], string, string | undefined]>([
    [
      'versioning',
      '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
      'target/versioning',
      'warning',
      'versioning is on: every write of a ledger, and what this check has written, stays as an old version',
      'keep the control prefix in a bucket without versions (target.control), or expire old versions with a rule',
    ],
    [
      'versioning',
      '<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>',
      'target/versioning',
      'ok',
      'versioning is suspended',
      undefined,
    ],
    [
      'versioning',
      denied,
      'target/versioning',
      'unchecked',
      'the credential may not see it',
      'allow s3:GetBucketVersioning on the bucket to have it checked; a migration does not need it',
    ],
    [
      'versioning',
      { status: 501, code: 'NotImplemented' },
      'target/versioning',
      'unchecked',
      'the store does not answer this question',
      'look it up at the provider of the store, if it has this feature',
    ],
    [
      'object-lock',
      '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>' +
        '<Mode>GOVERNANCE</Mode><Days>30</Days></DefaultRetention></Rule></ObjectLockConfiguration>',
      'target/object-lock',
      'warning',
      'Object Lock keeps every version of a control object for 30 days',
      'keep the control prefix in a bucket without Object Lock (target.control)',
    ],
    [
      'object-lock',
      '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>',
      'target/object-lock',
      'ok',
      'Object Lock is on, but keeps no object by default',
      undefined,
    ],
    [
      'object-lock',
      denied,
      'target/object-lock',
      'unchecked',
      'the credential may not see it',
      'allow s3:GetBucketObjectLockConfiguration on the bucket to have it checked; a migration does not need it',
    ],
    [
      'lifecycle',
      lifecycle(`<Filter><Prefix></Prefix></Filter>${expires}`),
      'target/lifecycle',
      'warning',
      'the lifecycle rule "old" deletes objects below .longhaul/',
      'except the control prefix from the rule, or keep it in a bucket of its own (target.control)',
    ],
    [
      'lifecycle',
      lifecycle(
        '<Prefix>.longhaul/orders</Prefix>' +
          '<Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>',
      ),
      'target/lifecycle',
      'warning',
      'the lifecycle rule "old" archives objects below .longhaul/',
      'except the control prefix from the rule, or keep it in a bucket of its own (target.control)',
    ],
    [
      'lifecycle',
      lifecycle(`<Filter><Prefix>orders/</Prefix></Filter>${expires}`),
      'target/lifecycle',
      'ok',
      'no lifecycle rule touches the control prefix',
      undefined,
    ],
    [
      'lifecycle',
      lifecycle(`<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter>${expires}`),
      'target/lifecycle',
      'ok',
      'no lifecycle rule touches the control prefix',
      undefined,
    ],
    [
      'lifecycle',
      denied,
      'target/abandoned-uploads',
      'unchecked',
      'the credential may not see it',
      'allow s3:GetLifecycleConfiguration on the bucket to have it checked; a migration does not need it',
    ],
    [
      'lifecycle',
      { status: 404, code: 'NoSuchLifecycleConfiguration' },
      'target/abandoned-uploads',
      'warning',
      'no lifecycle rule aborts abandoned uploads: what a lost migration leaves open is stored and billed',
      'add a rule with AbortIncompleteMultipartUpload after 7 days to the bucket',
    ],
    [
      'lifecycle',
      lifecycle(
        '<Filter><Prefix>orders/</Prefix></Filter><AbortIncompleteMultipartUpload>' +
          '<DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>',
      ),
      'target/abandoned-uploads',
      'warning',
      'a lifecycle rule aborts uploads after 1 day: an object that takes longer would start again and again',
      'let the rule wait for 7 days',
    ],
  ])('%s %j makes %s: %s', async (name, answer, id, verdict, message, fix) => {
    server.settings.set(name, answer);
    const { stores, end } = open();
    const probing = { stores, base: '', exampleKey: 'orders/1', keyPrefix: 'orders/', nowMs, role: 'worker' } as const;
    const asked = bucketQuestions(probing).filter((question) => question.id === id);
    const [found] = await answerAll(asked, new AbortController().signal);
    expect(found).toEqual({ id, what: found?.what, verdict, message, ...(fix !== undefined && { fix }) });
    end();
  });
});
