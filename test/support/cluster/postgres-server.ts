import { execa } from 'execa';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../until.js';
import { childrenOf } from '../faults/kill-workers.js';
import { isAlive, killIfAlive } from '../programs/process-ids.js';
import { findPostgres } from '../../../scripts/lib/find-cluster.mjs';
import type { ClusterHost } from './cluster-network.js';
import { startOnHost, type HostProcess } from './host-process.js';

/** A PostgreSQL server that listens on the loopback of its host. */
export interface PostgresServer {
  readonly pid: () => number;
  /** The folder of its data. */
  readonly data: string;
  /** Kills all its processes with `kill -9`. Its data stays as it is on disk. */
  kill(): Promise<void>;
  /** Starts it over its data, and waits until it has recovered. */
  start(): Promise<void>;
  /** Copies all databases as they are now, as an administrator backs them up. */
  backUp(): Promise<void>;
  /** Replaces all databases by the backup. The server must have been killed. */
  restore(): Promise<void>;
}

/** The user of the databases. It needs no password from its own host. */
export const databaseUser = 'temporal';
export const databasePort = 5432;

/** Creates a database cluster below a folder and starts the server, which never runs as root. */
export async function startPostgres(host: ClusterHost, folder: string): Promise<PostgresServer> {
  const programs = findPostgres(process.env);
  if (programs === undefined) throw new Error('PostgreSQL is not installed');
  const [data, backup, socket] = [join(folder, 'data'), join(folder, 'backup'), join(folder, 'socket')];
  const asUser = ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'];
  const run = async (program: string, ...args: readonly string[]): Promise<void> => {
    await execa(asUser[0]!, [...asUser.slice(1), join(programs, program), ...args], { cwd: folder });
  };
  mkdirSync(socket, { recursive: true });
  chmodSync(folder, 0o755);
  await execa('chown', ['-R', 'postgres', folder]);
  await run('initdb', '--pgdata', data, '--username', databaseUser, '--auth', 'trust', '--encoding', 'UTF8');
  let server: HostProcess;
  const start = async (): Promise<void> => {
    server = await startOnHost(host, {
      title: 'PostgreSQL',
      command: [
        ...[...asUser, join(programs, 'postgres'), '-D', data, '-c', `unix_socket_directories=${socket}`],
        // Four services with twenty connections each, and those that a killed one has left open.
        ...['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=200', '-c', `port=${String(databasePort)}`],
      ],
      log: join(folder, 'postgres.log'),
      prove: () => run('pg_isready', '--host', socket, '--quiet'),
    });
  };
  await start();
  return {
    ...{ data, start },
    pid: () => server.pid,
    async kill() {
      const processes = childrenOf(server.pid);
      await server.end('SIGKILL');
      for (const pid of processes) killIfAlive(pid);
      await until('all processes of PostgreSQL have ended', () => processes.every((pid) => !isAlive(pid)));
    },
    async backUp() {
      await run('pg_basebackup', '--host', socket, '--username', databaseUser, '--checkpoint', 'fast', '-D', backup);
    },
    async restore() {
      rmSync(data, { recursive: true });
      await execa('cp', ['-a', backup, data]);
    },
  };
}
