import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntilReady } from '../../src/local/processes/wait-until-ready.js';
import { probeS3 } from '../../src/stores/s3/bucket/probe-s3.js';
import { freePortBase } from '../support/servers/free-port-base.js';
import { goProgram, type GoProgram } from '../support/servers/go-program.js';

/** An S3 server that is not the local stack's. */
export interface OtherS3Server extends GoProgram {
  readonly args: (place: {
    readonly port: number;
    readonly data: string;
    readonly metadata: string;
    readonly keys: S3Keys;
  }) => readonly string[];
  readonly environment?: (keys: S3Keys) => Readonly<Record<string, string>>;
}

export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Builds the server if need be and starts it. `stop` ends it and deletes its data. */
export async function startOtherS3(
  server: OtherS3Server,
  keys: S3Keys,
): Promise<{ readonly endpoint: string; readonly stop: () => Promise<void> }> {
  const program = await goProgram(server);
  const port = await freePortBase();
  const folder = mkdtempSync(join(tmpdir(), `longhaul-${server.name}-`));
  const [data, metadata, log] = [join(folder, 'data'), join(folder, 'metadata'), join(folder, 'log')];
  for (const each of [data, metadata]) mkdirSync(each);
  const output = openSync(log, 'a');
  const child = spawn(program, server.args({ port, data, metadata, keys }), {
    ...{ cwd: folder, env: { ...process.env, ...server.environment?.(keys) } },
    stdio: ['ignore', output, output],
  });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const endpoint = `http://127.0.0.1:${String(port)}`;
  try {
    await waitUntilReady({
      ...{ title: server.name, withinMs: 60_000, hint: () => readFileSync(log, 'utf8').slice(-2_000) },
      prove: (signal) => probeS3({ endpoint, region: 'us-east-1', ...keys }, signal),
      isAlive: () => child.exitCode === null && child.signalCode === null,
      ...{ progress: (line) => console.error(line), signal: new AbortController().signal },
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, stop };
}
