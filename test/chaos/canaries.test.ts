import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  generateAccountSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { Client, Connection } from '@temporalio/client';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf, findCanaries, type LeftBehind, objectsOf, workflowsOf } from '../support/canaries/left-behind.js';
import type { FaultPlan } from '../support/faults/fault-proxy.js';
import { generateMigration, type GeneratedMigration } from '../support/migrations/generated-migration.js';
import { runLonghaul } from '../support/programs/longhaul-program.js';
import { startConnectProxy, type ConnectProxy } from '../support/servers/connect-proxy.js';
import { freePortBase } from '../support/servers/free-port-base.js';
import { type OtlpReceiver, startOtlpReceiver } from '../support/servers/otlp-receiver.js';
import { type ScriptedServer, startScriptedServer } from '../support/servers/scripted-server.js';
import { useProxiedStack } from '../support/servers/use-proxied-stack.js';
import { until } from '../support/until.js';

const workerProgram = new URL('../../dist/worker.js', import.meta.url).pathname;
const madeUp = (name: string): string => Buffer.from(`${name}/canary?>~`.padEnd(48, '.')).toString('base64');

// Credentials that no store accepts, so that each is refused, and quoted by a server that repeats what it was sent.
const refusedSecrets = {
  'the signature of a refused SAS': madeUp('sas'),
  'a refused account key': madeUp('key'),
  'the key of a refused connection string': madeUp('connection'),
  'a refused secret key of S3': madeUp('s3'),
  'a session token': madeUp('session'),
  'the password of a proxy': 'canary+of/the=proxy',
};

describe('no credential is found in what a run leaves', () => {
  const own = useProxiedStack();
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-canaries-'));
  const temporary = join(folder, 'tmp');
  const results = join(folder, 'results');
  const printed: LeftBehind[] = [];
  const workers: ReturnType<typeof startWorker>[] = [];
  let receiver: OtlpReceiver;
  let echo: ScriptedServer;
  let proxy: ConnectProxy;
  let migration: GeneratedMigration;
  let secrets: Readonly<Record<string, string>>;
  let temporal: Client;

  beforeAll(async () => {
    for (const path of [temporary, results]) mkdirSync(path);
    receiver = await startOtlpReceiver();
    echo = await startScriptedServer(({ url, headers }, response) => {
      const text = `${url} with ${JSON.stringify(headers)} is refused`.replaceAll('&', '&amp;').replaceAll('<', '');
      response.writeHead(403, { 'x-ms-error-code': 'AuthenticationFailed', 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>${text}</Message></Error>`);
    });
    proxy = await startConnectProxy({}, 407);
    const connection = await Connection.connect({ address: own.stack.environment['TEMPORAL_ADDRESS'] ?? '' });
    temporal = new Client({ connection });
    migration = await generateMigration(
      own.stack,
      'canaries',
      { units: 24, bigUnitRawBytes: 0, damage: new Map([[3, 'truncated'] as const]) },
      own.stores.endpoints,
    );
    secrets = await runAccepted();
    await runRefused();
    for (const worker of workers) {
      worker.kill('SIGTERM');
      const { all } = await worker;
      printed.push({ where: 'the log of a worker', bytes: Buffer.from(all) });
    }
  }, 600_000);

  afterAll(async () => {
    for (const worker of workers) worker.kill('SIGKILL');
    await temporal.connection.close();
    await Promise.all([receiver, echo, proxy].map((server) => server.close()));
    rmSync(folder, { recursive: true });
  });

  it('of those that were accepted, while requests were refused, cut and damaged', async () => {
    expect(findCanaries(await everything(), secrets)).toEqual([]);
  });

  it('of those that were refused by servers that repeat what they were sent', async () => {
    const left = await everything();
    // They were used.
    const sent = Buffer.from(JSON.stringify(echo.requests.map(({ url, headers }) => [url, headers])));
    expect(findCanaries([{ where: 'requests', bytes: sent }], refusedSecrets)).toEqual([
      'the signature of a refused SAS in requests',
      'a session token in requests',
    ]);
    expect(proxy.tunnels.map(({ authorization }) => authorization)).toContainEqual(expect.stringMatching(/^Basic /));
    expect(findCanaries(left, refusedSecrets)).toEqual([]);
  });

  it('although it would be found in each of these places', async () => {
    const canary = madeUp('planted');
    const bucket = migration.bucket;
    writeFileSync(join(temporary, 'planted'), encodeURIComponent(canary));
    await own.s3.send(
      new PutObjectCommand({
        ...{ Bucket: bucket, Key: '.longhaul/planted', Body: gzipSync(`{"message":"${canary}"}`) },
      }),
    );
    await own.s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: 'units/planted', Body: 'x', Metadata: { planted: canary } }),
    );
    const inputs = { inPayload: canary, inBase64: Buffer.from(`user:${canary}`).toString('base64') };
    for (const [workflowId, text] of Object.entries(inputs))
      await temporal.workflow.start('planted', { workflowId, taskQueue: 'nobody', args: [{ text }] });
    await temporal.workflow.start('planted', { workflowId: 'inMemo', taskQueue: 'nobody', memo: { text: canary } });
    const found = findCanaries(await everything(), { planted: canary }).map((text) => text.replace(/ \S{36}$/, ''));
    const expected = ['workflow inPayload', 'workflow inBase64', 'workflow inMemo']
      .concat(join(temporary, 'planted'), `s3://${bucket}/.longhaul/planted`, `s3://${bucket}/units/planted`)
      .map((where) => `planted in ${where}`);
    expect(found).toEqual(expect.arrayContaining(expected));
    expect(found.some((text) => /temporal\.db(-wal)?$/.test(text))).toBe(true);
    const log = [{ where: 'a log', bytes: Buffer.from(`{"msg":"${Buffer.from(canary).toString('base64url')}"}`) }];
    expect(findCanaries(log, { planted: canary })).toEqual(['planted in a log']);
  });

  /** Moves a migration with credentials that are accepted, on a bad day. Returns their secrets. */
  async function runAccepted(): Promise<Readonly<Record<string, string>>> {
    const { environment } = own.stack;
    const keyOf = (name: string): string =>
      /AccountKey=([^;]+)/.exec(environment[`LONGHAUL_CREDENTIAL_${name}`] ?? '')?.[1] ?? '';
    const sas = sasOf('prodeast', keyOf('PRODEAST'));
    const [sasFile, keyFile] = [join(folder, 'sas'), join(folder, 'key')];
    writeFileSync(sasFile, sas);
    writeFileSync(keyFile, keyOf('PRODWEST'));
    const given = {
      ...environment,
      LONGHAUL_CREDENTIAL_PRODEAST_KEY_FILE: sasFile,
      LONGHAUL_CREDENTIAL_PRODWEST_KEY_FILE: keyFile,
      LONGHAUL_CREDENTIAL_PRODLATE_KEY_FILE: '',
      LONGHAUL_CREDENTIAL_PRODLATE_KEY:
        `AccountName=prodlate;AccountKey=${keyOf('PRODLATE')};` + `BlobEndpoint=${own.stores.endpoints.azure}/prodlate`,
      LONGHAUL_TASK_QUEUE: 'accepted',
    };
    const address = await serve(given);
    own.stores.inject(badDay());
    await run(['check', migration.migrationPath], given);
    const started = await run(['start', migration.migrationPath, '--watch'], given);
    expect(started.exitCode, started.stderr).toBe(3);
    own.stores.inject(() => undefined);
    const scraped = await fetch(`http://${address}/metrics`);
    printed.push({ where: 'the metrics', bytes: Buffer.from(await scraped.text()) });
    for (const args of [
      ['status', 'canaries', '--json'],
      ['failures', 'canaries', '--json'],
      ['report', 'canaries', '-o', join(results, 'report.html')],
      ['export', 'canaries', '-o', join(results, 'export.ndjson')],
      ['verify', 'canaries', '--full'],
      ['trace', 'canaries', migration.expected[0]?.key ?? '', '--json'],
      ['plan', migration.migrationPath, '-o', join(results, 'plan')],
    ])
      await run(args, given);
    await noteDetails(given.LONGHAUL_TASK_QUEUE);
    return {
      'the signature of a SAS': new URLSearchParams(sas).get('sig') ?? '',
      'an account key': keyOf('PRODWEST'),
      'the key of a connection string': keyOf('PRODLATE'),
      'the secret key of S3': environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    };
  }

  /** Tries a migration with credentials that nobody accepts. */
  async function runRefused(): Promise<void> {
    const path = join(folder, 'refused.yaml');
    const signature = refusedSecrets['the signature of a refused SAS'];
    const accounts = ['sas', 'key', 'connection'].map(
      (name) => `  ${name}: { endpoint: "${echo.url}/prod${name}", credential: ${name} }`,
    );
    writeFileSync(
      path,
      [
        ...['version: 1', 'name: refused', 'units: { from: units.csv }', 'accounts:', ...accounts],
        '  far: { endpoint: "https://far.internal.test", credential: key }',
        ...['find:', ...['sas', 'key', 'connection', 'far'].map((name) => `  - ${lookup(name)}`)],
        'target:',
        '  bucket: refused',
        '  key: "{{ unit.id }}.gz"',
        `  endpoint: "${echo.url}"`,
        '  region: us-east-1',
        '  forcePathStyle: true',
        '',
      ].join('\n'),
    );
    writeFileSync(join(folder, 'units.csv'), 'id\none\n');
    const given = {
      ...own.stack.environment,
      LONGHAUL_CREDENTIAL_SAS: `?sv=2024-11-04&sp=rl&sig=${encodeURIComponent(signature)}`,
      LONGHAUL_CREDENTIAL_KEY: refusedSecrets['a refused account key'],
      LONGHAUL_CREDENTIAL_CONNECTION:
        `AccountName=prodconnection;AccountKey=${refusedSecrets['the key of a refused connection string']};` +
        `BlobEndpoint=${echo.url}/prodconnection`,
      AWS_ACCESS_KEY_ID: 'AKIDREFUSED',
      AWS_SECRET_ACCESS_KEY: refusedSecrets['a refused secret key of S3'],
      AWS_SESSION_TOKEN: refusedSecrets['a session token'],
      HTTPS_PROXY: proxy.url.replace('//', `//user:${encodeURIComponent(refusedSecrets['the password of a proxy'])}@`),
      LONGHAUL_TASK_QUEUE: 'refused',
    };
    await serve(given);
    const verbs = [
      ['check', path],
      ['check', path, '--json'],
      ['start', path, '--debug'],
      ['explore', 'az://sas/events', '--migration', path, '--debug'],
      ['explore', 'az://key/events', '--migration', path],
      ['explore', 'az://connection/events', '--migration', path],
      ['decode', 'az://sas/events/a', '--migration', path, '--debug'],
      ['status', path, '--debug'],
    ];
    // At the same time: what cannot be reached is tried again for a while.
    const ended = await Promise.all(verbs.map((args) => run(args, given)));
    expect(ended.filter(({ exitCode }) => exitCode === 0)).toEqual([]);
  }

  async function serve(environment: Readonly<Record<string, string>>): Promise<string> {
    const address = `127.0.0.1:${String(await freePortBase())}`;
    const worker = startWorker({
      ...{ ...environment, LONGHAUL_METRICS: address, LONGHAUL_LOG: 'json', TMPDIR: temporary },
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER_ARG: '1' },
    });
    workers.push(worker);
    let log = '';
    worker.all.on('data', (data: Buffer) => (log += data.toString()));
    await until('the worker serves', () => log.includes('ready: serves task queue'));
    return address;
  }

  async function run(args: readonly string[], environment: Readonly<Record<string, string>>) {
    const ended = await runLonghaul(args, { ...environment, TMPDIR: temporary });
    printed.push({ where: `longhaul ${args.join(' ')}`, bytes: Buffer.from(ended.stdout + ended.stderr) });
    return ended;
  }

  /** Notes what the Web UI shows of all workflows of a task queue, which their workers have to render. */
  async function noteDetails(taskQueue: string): Promise<void> {
    const before = printed.length;
    for await (const { workflowId, runId } of temporal.workflow.list({ query: `TaskQueue = "${taskQueue}"` })) {
      const details = await temporal.workflow.getHandle(workflowId, runId).query('__temporal_workflow_metadata');
      printed.push({ where: `the details of ${workflowId}`, bytes: Buffer.from(JSON.stringify(details)) });
    }
    expect(printed.slice(before).map(({ bytes }) => bytes.toString())).toContainEqual(
      expect.stringContaining('"currentDetails":"**'),
    );
  }

  /** Everything but the files that hold the stack's own keys, and what its stores write down themselves. */
  async function everything(): Promise<readonly LeftBehind[]> {
    const spans = Buffer.from(JSON.stringify(receiver.requests.map(({ body }) => body.toString())));
    return [
      ...printed,
      { where: 'the spans', bytes: spans },
      ...filesOf(own.stack.stateDir, /^(stack\.json|s3\.json|.*\.key|azurite\/.*|s3\/.*|logs\/(azurite|s3).*)$/),
      ...filesOf(temporary),
      ...filesOf(results),
      ...(await objectsOf(own.s3, migration.bucket)),
      ...(await workflowsOf(temporal)),
    ];
  }
});

function startWorker(environment: Readonly<Record<string, string>>) {
  return execa(process.execPath, [workerProgram, '--processes', '1'], {
    ...{ env: environment, reject: false, stdin: 'ignore', all: true },
  });
}

/** Every twelfth request goes wrong, in turn in another way, and one is refused for its credential. */
function badDay(): FaultPlan {
  let count = 0;
  let isRefused = false;
  return ({ kind }) => {
    count += 1;
    if (kind === 'read blob' && !isRefused && count > 60) {
      isRefused = true;
      return { kind: 'refuse', status: 403, code: 'AuthenticationFailed' };
    }
    if (count % 12 !== 0) return undefined;
    const way = (count / 12) % 3;
    if (way === 0) return { kind: 'reset' };
    if (way === 1) return { kind: 'refuse', status: 500, code: 'InternalError' };
    return { kind: 'cut-reply', afterBytes: 100, how: 'end' };
  };
}

function sasOf(account: string, key: string): string {
  return generateAccountSASQueryParameters(
    {
      expiresOn: new Date(Date.now() + 3_600_000),
      permissions: AccountSASPermissions.parse('rl'),
      services: AccountSASServices.parse('b').toString(),
      resourceTypes: AccountSASResourceTypes.parse('sco').toString(),
      protocol: SASProtocol.HttpsAndHttp,
    },
    new StorageSharedKeyCredential(account, key),
  ).toString();
}

function lookup(account: string): string {
  return `{ account: ${account}, container: events, prefix: "x/" }`;
}
