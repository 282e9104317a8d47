import { mkdirSync, rmSync } from 'node:fs';
import { weedProgram } from '../programs/pinned-programs.js';
import type { StackPorts } from '../ports/plan-ports.js';
import { loopback, stackPaths } from '../state/stack-layout.js';
import { writePrivateFile } from '../state/write-private-file.js';
import type { PartPlan } from './part-plan.js';

/** Plans SeaweedFS as S3 server, with one identity that may do everything and its data below the state directory. */
export function planS3(options: {
  readonly stateDir: string;
  readonly ports: StackPorts;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly explicit: string | undefined;
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  readonly probe: () => Promise<void>;
}): PartPlan {
  const { ports, stateDir } = options;
  const paths = stackPaths(stateDir);
  return {
    name: 's3',
    ports: [
      { port: ports.s3, purpose: 'SeaweedFS (S3)' },
      ...Object.entries(innerPorts(ports)).map(([name, port]) => ({ port, purpose: `SeaweedFS (${name})` })),
    ],
    // It answers before it serves, and after a kill has been seen to take 20 s over the first object.
    readyWithinMs: 90_000,
    program: { wanted: weedProgram, explicit: options.explicit },
    launch: (command) => {
      mkdirSync(paths.s3, { recursive: true, mode: 0o700 });
      writePrivateFile(paths.s3Config, `${JSON.stringify(identities(options.credentials), null, 2)}\n`);
      return {
        command,
        args: serverArguments(paths.s3, paths.s3Config, ports),
        env: ownEnvironment(options.baseEnv),
        cwd: paths.s3,
        outputLog: paths.log('s3'),
        errorLog: paths.log('s3'),
      };
    },
    probe: options.probe,
  };
}

/** Removes the sockets that SeaweedFS leaves in /tmp, named by its ports; to be called once it has ended. */
export function removeS3Sockets(ports: StackPorts): void {
  const names = [
    ...[`filer-${ports.s3Filer}`, `filer-grpc-${ports.s3FilerGrpc}`, `s3-${ports.s3}`, `s3-grpc-${ports.s3Grpc}`],
    ...[`master-grpc-${ports.s3MasterGrpc}`, `volume-grpc-${ports.s3VolumeGrpc}`, `admin-grpc-${ports.s3AdminGrpc}`],
  ];
  for (const name of names) rmSync(`/tmp/seaweedfs-${name}.sock`, { force: true });
}

function serverArguments(data: string, config: string, ports: StackPorts): string[] {
  return [
    // Without this it writes log files of its own into the temporary folder.
    '-logtostderr',
    'mini',
    `-dir=${data}`,
    // Both: the one is what it binds to, the other what its inner clients call.
    ...[`-ip=${loopback}`, `-ip.bind=${loopback}`],
    ...['-admin.ui=false', '-webdav=false', '-s3.port.iceberg=0', '-s3.port.lance=0', '-master.telemetry=false'],
    // Without it anybody may do anything, and a wrong signature is never noticed.
    `-s3.config=${config}`,
    // It writes these down (mini.options) and reads them back, so each is said at every start.
    `-s3.port=${ports.s3}`,
    ...Object.entries(innerPorts(ports)).map(([flag, port]) => `-${flag}=${port}`),
  ];
}

function innerPorts(ports: StackPorts): Record<string, number> {
  return {
    's3.port.grpc': ports.s3Grpc,
    'master.port': ports.s3Master,
    'master.port.grpc': ports.s3MasterGrpc,
    'volume.port': ports.s3Volume,
    'volume.port.grpc': ports.s3VolumeGrpc,
    'filer.port': ports.s3Filer,
    'filer.port.grpc': ports.s3FilerGrpc,
    'admin.port': ports.s3Admin,
    'admin.port.grpc': ports.s3AdminGrpc,
  };
}

function identities(credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }): unknown {
  const keys = { accessKey: credentials.accessKeyId, secretKey: credentials.secretAccessKey };
  return {
    identities: [{ name: 'longhaul', credentials: [keys], actions: ['Admin', 'Read', 'Write', 'List', 'Tagging'] }],
  };
}

/** It takes credentials, buckets and settings from these families of variables, which a user has set for other servers. */
function ownEnvironment(baseEnv: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(baseEnv).filter(([name]) => !/^(AWS|S3|WEED)_/.test(name)));
}
