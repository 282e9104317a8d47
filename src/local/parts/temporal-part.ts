import { execa } from 'execa';
import { temporalProgram } from '../programs/pinned-programs.js';
import type { StackPorts } from '../ports/plan-ports.js';
import { localNamespace, loopback, stackPaths } from '../state/stack-layout.js';
import type { PartPlan } from './part-plan.js';

/** Search attributes by type. A namespace of this server has room for three of type Int. */
const searchAttributes = {
  Keyword: ['LonghaulMigration', 'LonghaulPhase', 'LonghaulLevel'],
  Int: ['LonghaulTotal', 'LonghaulDone', 'LonghaulFailed'],
} as const;

/** Settings of the server that have no option of their own. */
const dynamicConfiguration = [
  // Nothing of ours uses the HTTP interface, and any web page could start workflows through it. It answers only these
  // hosts.
  'frontend.httpAllowedHosts=["disabled.invalid"]',
  // A migration does not wait behind the backlog of another one. One partition per queue keeps the order, and is enough
  // for one machine.
  'matching.enableFairness=true',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
] as const;

/** The server's own default is a day, after which closed partitions would disappear from the Web UI. */
const retention = '90d';

/** Plans the Temporal server with its Web UI, on a database file below the state directory. */
export function planTemporal(options: {
  readonly stateDir: string;
  readonly ports: StackPorts;
  readonly explicit: string | undefined;
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  readonly probe: () => Promise<void>;
}): PartPlan {
  const { stateDir, ports, baseEnv } = options;
  const log = stackPaths(stateDir).log('temporal');
  const env = ownEnvironment(baseEnv);
  const address = `${loopback}:${ports.temporal}`;
  return {
    name: 'temporal',
    ports: [
      { port: ports.temporal, purpose: 'Temporal' },
      { port: ports.temporalUi, purpose: "Temporal's Web UI" },
      { port: ports.temporalMetrics, purpose: "Temporal's metrics" },
      { port: ports.temporalHttp, purpose: "Temporal's HTTP interface" },
    ],
    readyWithinMs: 60_000,
    program: { wanted: temporalProgram, explicit: options.explicit },
    launch: (command) => ({
      command,
      args: serverArguments(stackPaths(stateDir).temporalDatabase, ports),
      env,
      cwd: stateDir,
      outputLog: log,
      errorLog: log,
    }),
    settle: async (command, signal) => {
      for (const args of operatorCommands(address)) {
        const options = { env, extendEnv: false, cancelSignal: signal, timeout: 10_000, reject: false } as const;
        const { failed, stderr, shortMessage } = await execa(command, args, options);
        // The program says in a line why; the whole command line would hide it.
        if (failed) throw new Error(stderr.trim().split('\n')[0] || shortMessage);
      }
    },
    probe: options.probe,
  };
}

function serverArguments(database: string, ports: StackPorts): string[] {
  return [
    ...['server', 'start-dev', '--log-level', 'warn', ...noUserConfiguration],
    ...['--ip', loopback, '--port', String(ports.temporal), '--http-port', String(ports.temporalHttp)],
    ...['--ui-ip', loopback, '--ui-port', String(ports.temporalUi), '--ui-disable-news-fetch'],
    ...['--metrics-port', String(ports.temporalMetrics)],
    ...dynamicConfiguration.flatMap((value) => ['--dynamic-config-value', value]),
    // WAL is a property of the file, but how far a commit is synced is one of the connection: both are given at every
    // start.
    ...['--db-filename', database, '--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
    ...Object.entries(searchAttributes).flatMap(([type, names]) =>
      names.flatMap((name) => ['--search-attribute', `${name}=${type}`]),
    ),
  ];
}

/** Each may be repeated without effect. The server's own flags apply only when the database is created. */
function operatorCommands(address: string): string[][] {
  const to = ['--address', address, '--namespace', localNamespace, ...noUserConfiguration];
  return [
    ['operator', 'namespace', 'update', ...to, '--retention', retention],
    ...Object.entries(searchAttributes).map(([type, names]) => [
      ...['operator', 'search-attribute', 'create', ...to, '--type', type],
      ...names.flatMap((name) => ['--name', name]),
    ]),
  ];
}

/** The user's profiles and addresses are for other servers. */
const noUserConfiguration = ['--disable-config-file', '--disable-config-env'];

function ownEnvironment(baseEnv: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const kept = Object.entries(baseEnv).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return { ...Object.fromEntries(kept), TEMPORAL_VERSION_CHECK_DISABLED: '1' };
}
