import { execa } from 'execa';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { temporalProgram } from '../../../src/local/programs/pinned-programs.js';
import { goProgram } from '../servers/go-program.js';
import { programPath } from '../servers/program-path.js';
import { until } from '../until.js';
import type { ClusterHost, ClusterNetwork } from './cluster-network.js';
import { startOnHost, type HostProcess } from './host-process.js';
import { databasePort, databaseUser, startPostgres, type PostgresServer } from './postgres-server.js';

/** The services of Temporal's server, each a process of its own. */
export const temporalServices = ['frontend', 'history', 'matching', 'worker'] as const;
export type TemporalService = (typeof temporalServices)[number];

/** Temporal's server on PostgreSQL, on a host of its own. */
export interface TemporalCluster {
  readonly host: ClusterHost;
  /** What clients set as TEMPORAL_ADDRESS. */
  readonly address: string;
  readonly postgres: PostgresServer;
  /** The processes of the services. */
  readonly pids: () => readonly number[];
  /** Kills a service with `kill -9`. */
  kill(service: TemporalService): Promise<void>;
  start(service: TemporalService): Promise<void>;
  /** Ends everything and removes the data. */
  end(): Promise<void>;
}

// The version that the pinned command line contains, so that both tiers test the same server.
const module = { path: 'go.temporal.io/server', version: 'v1.32.0' };
const serverProgram = { name: 'server', package: `${module.path}/cmd/server`, version: module.version };
const schemaTool = { name: 'sql', package: `${module.path}/cmd/tools/sql`, version: module.version };

const grpcPorts: Readonly<Record<TemporalService, number>> = {
  ...{ frontend: 7233, history: 7234, matching: 7235, worker: 7239 },
};

/** Starts PostgreSQL and the four services on a new host, with the search attributes of Longhaul. */
export async function startTemporalCluster(network: ClusterNetwork, name: string): Promise<TemporalCluster> {
  const server = await goProgram(serverProgram);
  const host = await network.addHost(name);
  const folder = mkdtempSync(join(tmpdir(), `longhaul-${name}-`));
  // PostgreSQL runs as another user, who must get there.
  await execa('chmod', ['a+x', tmpdir(), folder]);
  const databases = join(folder, 'postgres');
  mkdirSync(databases);
  const postgres = await startPostgres(host, databases);
  await createSchemas(host);

  const config = join(folder, 'server.yaml');
  writeFileSync(join(folder, 'dynamic.yaml'), stringify(dynamicConfig));
  writeFileSync(config, stringify(serverConfig(host.addresses.temporal, join(folder, 'dynamic.yaml'))));
  const address = `${host.addresses.temporal}:${String(grpcPorts.frontend)}`;
  const cli = await programPath(temporalProgram);
  const temporal = async (...args: readonly string[]): Promise<void> => {
    await execa(cli, [...args, '--address', address, '--disable-config-file', '--disable-config-env']);
  };
  const running = new Map<TemporalService, HostProcess>();
  const start = async (service: TemporalService): Promise<void> => {
    // A connection to a service that is just starting has been seen to hang for a minute.
    const listening = [
      'timeout',
      '2',
      'bash',
      '-c',
      `</dev/tcp/${host.addresses.temporal}/${String(grpcPorts[service])}`,
    ];
    const process = await startOnHost(host, {
      title: `Temporal's ${service}`,
      command: [server, '--config-file', config, '--allow-no-auth', 'start', '--service', service],
      log: join(folder, `${service}.log`),
      prove: async () => {
        await execa('ip', ['netns', 'exec', host.namespace, ...listening]);
      },
    });
    running.set(service, process);
  };
  // The first one writes the cluster's metadata into the new database, which two must not do at once.
  await start('frontend');
  await Promise.all(temporalServices.filter((service) => service !== 'frontend').map(start));
  await until('the namespace has been made', async () => succeeds(() => temporal(...namespaceCommand)));
  for (const [type, names] of searchAttributes) {
    const attributes = names.flatMap((attribute) => ['--name', attribute]);
    const command = ['operator', 'search-attribute', 'create', '--namespace', 'default', '--type', type];
    await until(`the search attributes of type ${type}`, async () =>
      succeeds(() => temporal(...command, ...attributes)),
    );
  }
  return {
    ...{ host, address, postgres, start },
    pids: () => [...running.values()].map(({ pid }) => pid),
    async kill(service) {
      await running.get(service)?.end('SIGKILL');
    },
    async end() {
      for (const process of running.values()) await process.end('SIGKILL');
      await postgres.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function createSchemas(host: ClusterHost): Promise<void> {
  const tool = await goProgram(schemaTool);
  for (const [database, schema] of databases) {
    const sql = async (...args: readonly string[]): Promise<void> => {
      const to = ['--endpoint', '127.0.0.1', '--port', String(databasePort), '--user', databaseUser];
      const options = [...to, '--password', 'unused', '--plugin', 'postgres12', '--database', database];
      await execa('ip', ['netns', 'exec', host.namespace, tool, ...options, ...args]);
    };
    await sql('create-database');
    await sql('setup-schema', '--version', '0.0');
    await sql('update-schema', '--schema-name', `postgresql/v12/${schema}`);
  }
}

const databases = [
  ['temporal', 'temporal'],
  ['temporal_visibility', 'visibility'],
] as const;

const namespaceCommand = ['operator', 'namespace', 'create', '--namespace', 'default', '--retention', '90d'];

const searchAttributes = [
  ['Keyword', ['LonghaulMigration', 'LonghaulPhase', 'LonghaulLevel']],
  ['Int', ['LonghaulTotal', 'LonghaulDone', 'LonghaulFailed']],
] as const;

const dynamicConfig = {
  'matching.enableFairness': [{ value: true }],
  'matching.numTaskqueueReadPartitions': [{ value: 1 }],
  'matching.numTaskqueueWritePartitions': [{ value: 1 }],
};

function serverConfig(address: string, dynamicConfigPath: string): unknown {
  const datastore = (databaseName: string, maxConns: number) => ({
    sql: {
      ...{ pluginName: 'postgres12', databaseName, connectAddr: `127.0.0.1:${String(databasePort)}` },
      ...{ connectProtocol: 'tcp', user: databaseUser, password: 'unused', maxConns, maxIdleConns: maxConns },
    },
  });
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      ...{ defaultStore: 'default', visibilityStore: 'visibility', numHistoryShards: 4 },
      datastores: { default: datastore('temporal', 20), visibility: datastore('temporal_visibility', 5) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: address } },
    services: Object.fromEntries(
      Object.entries(grpcPorts).map(([service, grpcPort]) => [
        service,
        { rpc: { grpcPort, membershipPort: grpcPort - 300, bindOnIP: address } },
      ]),
    ),
    clusterMetadata: {
      ...{ enableGlobalNamespace: false, failoverVersionIncrement: 10 },
      ...{ masterClusterName: 'active', currentClusterName: 'active' },
      clusterInformation: {
        active: {
          ...{ enabled: true, initialFailoverVersion: 1, rpcName: 'frontend' },
          rpcAddress: `${address}:${String(grpcPorts.frontend)}`,
        },
      },
    },
    publicClient: { hostPort: `${address}:${String(grpcPorts.frontend)}` },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamicConfigPath, pollInterval: '10s' },
  };
}

async function succeeds(attempt: () => Promise<void>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch (error) {
    // The services find each other within seconds. If something remains wrong, the timeout ends the wait.
    console.error(error instanceof Error ? error.message.split('\n').at(-1) : error);
    return false;
  }
}
