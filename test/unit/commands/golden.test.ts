import { gzipSync } from 'node:zlib';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePlace } from '../../../src/client/decode-place.js';
import type { CommandContext } from '../../../src/commands/ports/context.js';
import { runProgram } from '../../../src/commands/run-program.js';
import type { StackPort } from '../../../src/commands/ports/stack-port.js';
import type { StorePorts } from '../../../src/commands/ports/store-ports.js';
import type { RootDescription } from '../../../src/commands/ports/temporal-port.js';
import { verificationJson } from '../../../src/control/stored-verification.js';
import { controlKeys } from '../../../src/control/control-keys.js';
import type { MigrationInput } from '../../../src/workflows/messages.js';
import { controlBase } from '../../../src/domain/stored/migration-record.js';
import { planLayout } from '../../../src/domain/layout.js';
import { readStagedSlice } from '../../../src/control/staged-slice.js';
import { smallReceipt } from '../../support/fakes/small-receipt.js';
import { smallDefinition } from '../../support/fakes/memory-migration.js';
import { loadVerbs } from '../../../src/commands/verbs.js';
import type { Blocked } from '../../../src/domain/figures/progress.js';
import { receiptTally, type Receipt } from '../../../src/domain/receipt.js';
import type { Tally } from '../../../src/domain/figures/tally.js';
import { stackEnvironment } from '../../../src/local/stack-environment.js';
import { MemoryControlStore } from '../../support/fakes/memory-control-store.js';
import { writeStream } from '../../support/corpora/bzip2-writer.js';
import { exampleFile } from '../definition/example-file.js';
import type { CheckResult } from '../../../src/workflows/messages.js';
import { fakeContext } from './fake-context.js';
import { movedDemoStores } from './golden-demo.js';
import { expectGolden, goldenNames } from './golden-file.js';
import { completedRoot, fakeTemporal, progress, runningRoot, tally } from './sample-documents.js';
import { checkedOnWorker, checkedTarget, refusedOnWorker } from './sample-check.js';
import { sampleExplorations } from './sample-explorations.js';
import { sampleStack } from './sample-stack.js';

const verbs = await loadVerbs();
const blocked: Blocked = {
  ...{ what: 'account east', class: 'SourceAuth', message: 'the key was refused' },
  ...{ since: '2026-01-02T03:04:00.000Z', units: 12 },
};
const ended = { endedAt: '2026-01-02T03:04:45.000Z', progress: null };
// A root that does not say where its control prefix is, because that of the demo differs from that of the sample.
const anywhere = (root: RootDescription): RootDescription => ({ ...root, control: null });
const young: RootDescription = { ...runningRoot, memo: null, progress: null };
const retriedTally: Tally = {
  ...{ ...tally, units: { done: 1, found: 0, empty: 0, failed: 0 } },
  earlier: { done: 0, found: 0, empty: 0, failed: 1 },
};
const comparedTally: Tally = { ...tally, sincePlan: { compared: 401, changed: 3 } };
const roots = {
  blocked: {
    ...runningRoot,
    memo: { ...runningRoot.memo!, phase: 'blocked', blocked: [blocked] },
    progress: { ...progress, blocked: [blocked] },
  },
  paused: {
    ...runningRoot,
    memo: { ...runningRoot.memo!, phase: 'paused', since: '2026-01-02T03:03:45.000Z' },
  },
  retried: {
    ...{ ...runningRoot, ...ended, state: 'completed', before: { total: 12, done: 0, found: 0, empty: 0, failed: 12 } },
    memo: { ...runningRoot.memo!, round: 1, total: 1, phase: 'completed', tally: retriedTally },
    result: { phase: 'completed', progress: { ...progress, round: 1, total: 1, tally: retriedTally } },
  },
  compared: { ...runningRoot, progress: { ...progress, tally: comparedTally } },
  cancelled: { ...runningRoot, ...ended, state: 'cancelled' },
  failed: {
    ...{ ...runningRoot, ...ended, state: 'failed' },
    failure: { class: 'ConfigError/Credential', message: 'account east: set LONGHAUL_CREDENTIAL_AZURE_EAST' },
  },
  planned: {
    ...{ ...runningRoot, ...ended, workflowId: 'plan/orders', state: 'completed' },
    result: { phase: 'completed-with-failures', progress: { ...progress, total: 3, tally } },
  },
  verified: {
    ...{ ...runningRoot, ...ended, workflowId: 'verify/orders', state: 'completed' },
    result: { phase: 'completed-with-failures', progress: { ...progress, total: 1, tally } },
  },
  withFailures: {
    ...{ ...runningRoot, ...ended, state: 'completed' },
    result: { phase: 'completed-with-failures', progress: { ...progress, total: 403, tally } },
  },
} as const satisfies Record<string, RootDescription>;
const requests = { lists: 31, heads: 0 };
const failedReceipt: Receipt = {
  ...{ index: 1, id: 'bolt', key: 'bolt.json.gz', state: 'failed', class: 'EmptyUnit', message: 'no blob matched' },
  ...{ blobs: 0, bytes: { source: 0, raw: 0, target: 0 }, skipped: [], notes: [], build: '', at: '' },
};
const provenReceipt: Receipt = {
  ...{ ...smallReceipt(0, 'anvil'), key: 'anvil.json.gz' },
  manifest: { digest: 'm', blobs: [] },
};

const plannedReceipts: readonly Receipt[] = [
  planned(0, 'acme/2019-07', { blobs: 31, bytes: { source: 310_000, raw: 0, target: 0 } }),
  planned(1, 'bolt/2019-07', {
    ...{ state: 'failed', class: 'Incomplete', message: 'numbers are missing in the sequence: 3, 7 to 9' },
    ...{ blobs: 27, bytes: { source: 270_000, raw: 0, target: 0 } },
  }),
  planned(2, 'cog/2019-08', { planned: { newest: '2019-08-31T00:00:00.000Z', repeated: 2, requests } }),
];

function planned(index: number, id: string, more: Partial<Receipt>): Receipt {
  const newest = '2019-07-31T00:00:00.000Z';
  return {
    ...{ index, id, key: `orders/${id}.json.gz`, state: 'done', blobs: 12, skipped: [], notes: [], build: '' },
    ...{ bytes: { source: 40_000, raw: 0, target: 0 }, planned: { newest, repeated: 0, requests } },
    ...{ at: '2026-01-02T03:04:05.000Z', ...more },
  };
}

// Versions of Node compress differently: the gzip size of what `demo` has read back is not compared.
const gzipSize = /("verification": \{[^]*?"target": )\d+/;

/** One run of the program: what is typed after its name, and what Temporal answers in turn. */
interface GoldenCase {
  readonly args: readonly string[];
  readonly roots?: readonly (RootDescription | undefined)[];
  /** Whether the control prefix holds a round of the migration, and whether it is closed. */
  readonly staged?: 'open' | 'closed';
  readonly areWorkersThere?: boolean;
  /** Whether the first unit of that round is proven in place. */
  readonly isProven?: true;
  /** What a worker finds in a check. */
  readonly onWorker?: CheckResult;
}

const nothing = [undefined, undefined];
const verifying = [roots.withFailures, undefined, roots.verified];
const cases: Readonly<Record<string, GoldenCase>> = {
  demo: {
    args: ['demo', '--units', '2'],
    roots: [...nothing, undefined, ...[young, runningRoot, completedRoot].map(anywhere)],
  },
  init: { args: ['init', '/folder/new'] },
  'init-again': { args: ['init', '/folder'] },
  check: { args: ['check', '/folder/migration.yaml'], roots: nothing, onWorker: checkedOnWorker },
  'check-failed': { args: ['check', '/folder/migration.yaml'], roots: [runningRoot], onWorker: refusedOnWorker },
  'check-changed': {
    args: ['check', '/folder/migration.yaml'],
    roots: [runningRoot],
    ...{ staged: 'open', onWorker: checkedOnWorker },
  },
  'check-no-workers': { args: ['check', '/folder/migration.yaml'], roots: nothing },
  'check-invalid': { args: ['check', '/folder/wrong.yaml'] },
  plan: { args: ['plan', '/folder/migration.yaml'], roots: [undefined, roots.planned] },
  'plan-csv': { args: ['plan', '/folder/migration.yaml', '--csv'], roots: [undefined, roots.planned] },
  'plan-no-workers': {
    args: ['plan', '/folder/migration.yaml'],
    roots: [undefined, { ...roots.planned, ...{ state: 'running', result: null, endedAt: null } }],
    areWorkersThere: false,
  },
  start: { args: ['start', '/folder/migration.yaml'], roots: [...nothing, young] },
  'start-running': { args: ['start', '/folder/migration.yaml'], roots: [runningRoot] },
  'start-no-workers': {
    args: ['start', '/folder/migration.yaml'],
    roots: [...nothing, young],
    areWorkersThere: false,
  },
  'start-watch': {
    args: ['start', '/folder/migration.yaml', '--watch'],
    roots: [...nothing, young, runningRoot, roots.withFailures],
  },
  'start-failed': { args: ['start', '/folder/migration.yaml', '--watch'], roots: [...nothing, young, roots.failed] },
  'start-invalid': { args: ['start', '/folder/wrong.yaml'] },
  watch: { args: ['watch', 'orders'], roots: [runningRoot, runningRoot, completedRoot] },
  'watch-until-blocked': { args: ['watch', 'orders', '--until', 'blocked'], roots: [runningRoot, roots.blocked] },
  status: { args: ['status', 'orders'], roots: [runningRoot] },
  'status-completed': { args: ['status', 'orders'], roots: [completedRoot] },
  'status-blocked': { args: ['status', 'orders'], roots: [roots.blocked] },
  'status-paused': { args: ['status', 'orders'], roots: [roots.paused] },
  'status-retried': { args: ['status', 'orders'], roots: [roots.retried] },
  'status-after-plan': { args: ['status', 'orders'], roots: [roots.compared] },
  'status-no-workers': {
    args: ['status', 'orders'],
    roots: [{ ...runningRoot, progress: null }],
    areWorkersThere: false,
  },
  'status-failed': { args: ['status', 'orders'], roots: [roots.failed] },
  'status-unknown': { args: ['status', 'orders'], roots: [undefined] },
  list: { args: ['list'], roots: [runningRoot] },
  cancel: { args: ['cancel', 'orders'], roots: [runningRoot, runningRoot, roots.cancelled] },
  'cancel-ended': { args: ['cancel', 'orders'], roots: [completedRoot] },
  pause: { args: ['pause', 'orders', '--now'], roots: [runningRoot] },
  resume: { args: ['resume', 'orders'], roots: [roots.cancelled], staged: 'open' },
  'resume-closed': { args: ['resume', 'orders'], roots: [roots.withFailures], staged: 'closed' },
  'resume-unknown': { args: ['resume', 'orders'], roots: [undefined] },
  tune: {
    args: ['tune', 'orders', 'unitsInFlight=32', 'bytesPerSecond=20MB'],
    roots: [runningRoot],
  },
  'tune-account': { args: ['tune', 'orders', 'requestsPerSecond.east=500'], roots: [runningRoot] },
  'tune-unlimited': { args: ['tune', 'orders', 'bytesPerSecond=unlimited'], roots: [runningRoot] },
  'tune-too-slow': { args: ['tune', 'orders', 'bytesPerSecond=1KB'], roots: [runningRoot] },
  'tune-unknown': { args: ['tune', 'orders', 'speed=16'], roots: [runningRoot] },
  failures: { args: ['failures', 'orders'], roots: [roots.withFailures], staged: 'closed' },
  'failures-csv': { args: ['failures', 'orders', '--csv'], roots: [roots.withFailures], staged: 'closed' },
  retry: { args: ['retry', 'orders'], roots: [roots.withFailures], staged: 'closed' },
  trace: { args: ['trace', 'orders', 'bolt'], roots: [roots.withFailures], staged: 'closed' },
  forget: { args: ['forget', 'orders', '--yes'], roots: [roots.withFailures], staged: 'closed' },
  'forget-running': { args: ['forget', 'orders', '--yes'], roots: [runningRoot], staged: 'open' },
  export: { args: ['export', 'orders'], roots: [roots.withFailures], staged: 'closed' },
  report: { args: ['report', 'orders', '-o', '/folder/new.html'], roots: [roots.withFailures], staged: 'closed' },
  'report-plan': { args: ['report', 'plan/orders'] },
  completion: { args: ['completion', 'bash'] },
  'completion-unknown': { args: ['completion', 'tcsh'] },
  verify: { args: ['verify', 'orders'], roots: verifying, staged: 'closed', isProven: true },
  'verify-full': { args: ['verify', 'orders', '--full'], roots: verifying, staged: 'closed', isProven: true },
  'verify-nothing': { args: ['verify', 'orders'], roots: [roots.withFailures, undefined], staged: 'closed' },
  'verify-wrong': { args: ['verify', 'orders', '--since', 'yesterday'] },
  'retry-open': { args: ['retry', 'orders'], roots: [runningRoot], staged: 'open' },
  decode: { args: ['decode', '/folder/two-streams.bz2'] },
  'decode-damaged': { args: ['decode', '/folder/damaged.bz2'] },
  'decode-at-source': { args: ['decode', 'az://esat/events/a.bz2', '--migration', '/folder/migration.yaml'] },
  explore: { args: ['explore', 'az://prodeast/events'] },
  'explore-no-workers': { args: ['explore', 'az://prodeast/events'], areWorkersThere: false },
  'explore-no-account': { args: ['explore', 'az://esat/events', '--migration', '/folder/migration.yaml'] },
  'dev-up': { args: ['dev', 'up'] },
  'dev-status': { args: ['dev', 'status'] },
  'dev-env': { args: ['dev', 'env'] },
  'dev-down': { args: ['dev', 'down', '--wipe'] },
  'dev-fetch': { args: ['dev', 'fetch', '--to', '/programs'] },
};

describe('what the program prints', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longhaul-golden-'));
    await writeFile(join(folder, 'migration.yaml'), exampleFile);
    await writeFile(join(folder, 'wrong.yaml'), exampleFile.replace('find:', 'fnid:').replace('bucket: archive', ''));
    await writeFile(join(folder, 'units.csv'), 'tenant,month\nacme,2019-07\nbolt,2019-07\ncog,2019-08\n');
    const stream = writeStream(9, [{ content: Buffer.from('one line\n') }]);
    await writeFile(join(folder, 'two-streams.bz2'), Buffer.concat([stream, stream]));
    await writeFile(join(folder, 'damaged.bz2'), Buffer.concat([stream, Buffer.from(stream).fill(0, 10, 14)]));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Runs a case and returns what a shell would show. The folder of the test appears as /folder. */
  async function transcript(
    { args, roots: given = [], staged, isProven, areWorkersThere = true, onWorker }: GoldenCase,
    json: boolean,
  ): Promise<string> {
    const typed = json ? [...args, '--json'] : args;
    const own = await mkdtemp(join(folder, 'run-'));
    const context = fakeContext(ports(given, own, { staged, isProven, areWorkersThere, onWorker }));
    const real = typed.map((arg) => arg.replace(/^\/folder\/new/, join(own, 'new')).replace(/^\/folder/, folder));
    const status = await runProgram(real, context);
    const show = (text: string): string => text.replaceAll(own, '/folder').replaceAll(folder, '/folder');
    if (json) return show(context.out.text());
    return (
      `$ longhaul ${typed.join(' ')}\n${show(context.out.text())}` +
      `── standard error\n${show(context.err.text())}── exit status ${String(status)}\n`
    );
  }

  // Compressing the data of a demo takes seconds, and many times that on a busy machine.
  describe.each(Object.entries(cases))('for %s', { timeout: 120_000 }, (name, golden) => {
    it('is the golden text', async () => {
      expectGolden(`${name}.txt`, await transcript(golden, false));
    });

    it('is the golden document with --json', async () => {
      const text = await transcript(golden, true);
      // Each output is one document, except that of `watch`, in which each line is one.
      const documents = golden.args[0] === 'watch' ? text.trimEnd().split('\n') : [text];
      for (const document of documents) JSON.parse(document);
      expectGolden(`${name}.json`, text.replace(gzipSize, '$10'));
    });
  });

  it.each(['', ...verbs.map(({ name }) => name)])('is the golden help for "%s"', async (name) => {
    const words = name === '' ? [] : name.split(' ');
    const text = await transcript({ args: [...words, '--help'] }, false);
    expectGolden(`${['help', ...words].join('-')}.txt`, text);
  });

  it('has a golden file for every verb, and no file more', () => {
    for (const { name } of verbs) expect(Object.keys(cases)).toContain(name.replace(' ', '-'));
    const helps = ['help', ...verbs.map(({ name }) => `help-${name.replace(' ', '-')}`)];
    expect(goldenNames()).toEqual(
      [
        ...Object.keys(cases).flatMap((name) => [`${name}.json`, `${name}.txt`]),
        ...helps.map((name) => `${name}.txt`),
      ].sort(),
    );
  });
});

function ports(
  given: readonly (RootDescription | undefined)[],
  stateDir: string,
  {
    staged,
    isProven,
    areWorkersThere,
    onWorker,
  }: {
    staged: GoldenCase['staged'];
    isProven: GoldenCase['isProven'];
    areWorkersThere: boolean;
    onWorker: CheckResult | undefined;
  },
): Partial<CommandContext> {
  const control = staged === undefined ? new MemoryControlStore() : stagedControl(staged === 'closed');
  const wishes = { revision: 1, acceptFailures: false, unitsInFlight: 32 };
  const temporal = fakeTemporal(given, {
    startRoot: async ({ definition, input }) => {
      if (definition.name === 'plan/orders') control.objects.set(...planSummary(input));
      if (definition.name === 'verify/orders') {
        control.objects.set(...planSummary(input));
        control.objects.set(...verificationResult(input));
      }
      return { runId: 'run-1' };
    },
    askRoot: async (_name, _runId, { kind }) =>
      kind === 'pause'
        ? { phase: 'pausing', control: { ...wishes, pause: 'now', draining: true } }
        : { phase: 'running', control: { ...wishes, pause: 'none', draining: false } },
    controlAddress: async () =>
      staged && { name: 'orders', bucket: 'archive', prefix: '.longhaul', s3: { region: 'eu-central-1' } },
    isAnswered: async () => areWorkersThere,
    checks: {
      ...fakeTemporal([]).checks,
      workers: async () => (onWorker === undefined ? [] : ['host/42 longhaul 1.2.3', 'host/43 longhaul 1.2.3']),
      runCheck: async () => (onWorker === undefined ? { unknown: 'nobody is there' } : { result: onWorker }),
    },
    isPolled: async () => areWorkersThere,
    explorations: sampleExplorations(areWorkersThere),
    async *listRoots() {
      yield runningRoot;
      yield { ...roots.retried, workflowId: 'migration/invoices' };
      yield { ...roots.withFailures, workflowId: 'migration/years-2019', memo: { ...runningRoot.memo!, total: 403 } };
    },
  });
  const stack: StackPort = {
    defaultStateDir: stateDir,
    up: async ({ progress: tell }) => {
      tell('starting Temporal');
      return { ...sampleStack, stateDir, changes: { temporal: 'started', workers: 'kept' } };
    },
    down: async ({ progress: tell, wipe }) => {
      tell('ending Temporal');
      return { ended: [{ name: 'temporal', title: 'Temporal', pid: 42, how: 'ended' }], wiped: wipe };
    },
    fetch: async ({ dir = '' }) => ({ temporal: `${dir}/temporal`, azurite: `${dir}/azurite`, weed: `${dir}/weed` }),
    status: async () => ({ ...sampleStack, stateDir }),
    variables: (of) => stackEnvironment(of),
    environmentOf: () => fakeContext().environment,
  };
  const stores: StorePorts = {
    openControl: async () => control,
    checkTargetBucket: async () => {},
    probeTarget: async () => checkedTarget,
    sumLedgers: async () => ({ tally: receiptTally(failedReceipt), firstFailed: [failedReceipt] }),
    async *readReceipts({ plan }) {
      yield plan !== undefined ? plannedReceipts : isProven === true ? [provenReceipt, failedReceipt] : [failedReceipt];
    },
    readStagedUnits: async (...request) => (await readStagedSlice(...request)).units,
    openUploads: async () => ({ abortUpload: async () => {}, close: () => {} }),
    openDemo: async () => movedDemoStores(join(stateDir, 'demos', 'demo')),
  };
  return {
    connectTemporal: async () => temporal,
    stack,
    stores,
    decode: (...request) =>
      decodePlace({ allowInsecureEndpoints: false, trustedHosts: [], credentials: async () => undefined }, ...request),
  };
}

/** Returns what a plan leaves when it ends: its summary, as a key and bytes. */
function planSummary({ control, round, total }: MigrationInput): [string, Buffer] {
  const times = { startedAt: '2026-01-02T03:04:05.000Z', endedAt: '2026-01-02T03:04:06.000Z' };
  const summary = { format: 1, name: control.name, round, total, tally, phase: 'completed-with-failures', ...times };
  return [controlKeys.summary(controlBase(control), round), Buffer.from(JSON.stringify(summary))];
}

/** Returns what a verification leaves when it ends, as a key and bytes. */
function verificationResult({ control, round, total }: MigrationInput): [string, Buffer] {
  const differences = [{ class: 'VerifyMismatch/Size' as const, objects: total }];
  const message = 'anvil.json.gz: it has 12 bytes, not 20; its ETag is "f", not "e"';
  const shapes = [{ shape: 'old/<number>.gz', blobs: 2, bytes: 4_000, first: ['old/1.gz', 'old/2.gz'] }];
  const list = '.longhaul/orders/verify/r0000/unclaimed/all.ndjson.gz';
  const result = {
    ...{ format: 1, objects: total, intact: 0, readBack: { objects: 0, bytes: 0 }, archived: 0, differences },
    first: [{ id: 'anvil', key: 'anvil.json.gz', class: 'VerifyMismatch/Size' as const, message }],
    additional: { objects: 2, bytes: 4_000, prefixes: [{ prefix: 'old/', blobs: 2, bytes: 4_000, shapes, list }] },
    endedAt: '2026-01-02T03:04:06.000Z',
  };
  return [controlKeys.verification(controlBase(control), round), Buffer.from(verificationJson.bytes(result))];
}

/** Returns a control prefix with a round of two units, the second of which has failed. */
function stagedControl(isClosed: boolean): MemoryControlStore {
  const control = new MemoryControlStore();
  const base = '.longhaul/orders';
  const lines = ['anvil', 'bolt'].map((id, index) => JSON.stringify({ index, id, key: `${id}.json.gz`, fields: {} }));
  const record = {
    ...{ format: 1, name: 'orders', round: 0, definition: smallDefinition(), definitionDigest: 'd', unitsDigest: 'u' },
    ...{ layout: planLayout(2), version: '1.2.3', stagedAt: '2026-01-02T03:04:05.000Z' },
  };
  control.objects.set(controlKeys.migration(base, 0), Buffer.from(JSON.stringify(record)));
  const slice = { partition: 0, slice: 0 };
  control.objects.set(controlKeys.stagedSlice(base, 0, 'u', slice), gzipSync(`${lines.join('\n')}\n`));
  const times = { startedAt: '2026-01-02T03:04:05.000Z', endedAt: '2026-01-02T03:04:06.000Z' };
  const summary = { format: 1, name: 'orders', round: 0, total: 2, tally, phase: 'completed-with-failures', ...times };
  if (isClosed) control.objects.set(controlKeys.summary(base, 0), Buffer.from(JSON.stringify(summary)));
  return control;
}
