import { createHmac } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { weedProgram } from '../programs/pinned-programs.js';
import type { StackPorts } from '../ports/plan-ports.js';
import { loopback, stackPaths } from '../state/stack-layout.js';
import { writePrivateFile } from '../state/write-private-file.js';
import type { PartPlan } from './part-plan.js';

/**
 * Plans SeaweedFS as an S3 server with one identity, which may do everything, and its data below the state directory.
 */
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
    // It answers before it serves, and has been seen to take 20 s for the first object after a kill.
    readyWithinMs: 90_000,
    program: { wanted: weedProgram, explicit: options.explicit },
    launch: (command) => {
      mkdirSync(paths.s3, { recursive: true, mode: 0o700 });
      writePrivateFile(paths.s3Config, `${JSON.stringify(identities(options.credentials), null, 2)}\n`);
      return {
        command,
        args: serverArguments(paths.s3, paths.s3Config, ports),
        env: { ...ownEnvironment(options.baseEnv), ...innerKeys(options.credentials.secretAccessKey) },
        cwd: paths.s3,
        outputLog: paths.log('s3'),
        errorLog: paths.log('s3'),
      };
    },
    probe: options.probe,
  };
}

/** Removes the sockets, named by its ports, that SeaweedFS leaves in /tmp. To be called once it has ended. */
export function removeS3Sockets(ports: StackPorts): void {
  const names = [
    ...[`filer-${ports.s3Filer}`, `filer-grpc-${ports.s3FilerGrpc}`, `s3-${ports.s3}`, `s3-grpc-${ports.s3Grpc}`],
    ...[`master-grpc-${ports.s3MasterGrpc}`, `volume-grpc-${ports.s3VolumeGrpc}`, `admin-grpc-${ports.s3AdminGrpc}`],
  ];
  for (const name of names) rmSync(`/tmp/seaweedfs-${name}.sock`, { force: true });
}

function serverArguments(data: string, config: string, ports: StackPorts): string[] {
  return [
    // Otherwise it writes log files of its own into the temporary folder.
    '-logtostderr',
    'mini',
    // Master and filer speak only gRPC. Over HTTP they ask for no key, so that any web page could read, change and
    // delete objects.
    '-disableHttp',
    `-s3.allowedOrigins=${noOrigin}`,
    `-dir=${data}`,
    // Both: it binds to one, and its inner clients call the other.
    ...[`-ip=${loopback}`, `-ip.bind=${loopback}`],
    ...['-admin.ui=false', '-webdav=false', '-s3.port.iceberg=0', '-s3.port.lance=0', '-master.telemetry=false'],
    // Otherwise anybody may do anything, and a wrong signature is never noticed.
    `-s3.config=${config}`,
    // It stores these (mini.options) and reads them back, so each is given at every start.
    `-s3.port=${ports.s3}`,
    ...Object.entries(innerPorts(ports)).map(([flag, port]) => `-${flag}=${port}`),
  ];
}

/** An origin that no page can have. An empty list would allow every origin. */
const noOrigin = 'https://disabled.invalid';

/**
 * The keys by which the parts of SeaweedFS know each other: nothing is read, written or deleted without a token signed
 * with them. They follow from the stack's own secret, so that they are random for each stack, the same at each start,
 * and need no record.
 */
function innerKeys(secret: string): Record<string, string> {
  const names = ['WEED_JWT_SIGNING', 'WEED_JWT_SIGNING_READ', 'WEED_JWT_FILER_SIGNING', 'WEED_JWT_FILER_SIGNING_READ'];
  const keyFor = (name: string): string => createHmac('sha256', secret).update(name).digest('hex');
  return {
    ...Object.fromEntries(names.map((name) => [`${name}_KEY`, keyFor(name)])),
    WEED_CORS_ALLOWED_ORIGINS_VALUES: noOrigin,
  };
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

/** It would take credentials, buckets and settings from these variables, which a user has set for other servers. */
function ownEnvironment(baseEnv: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(baseEnv).filter(([name]) => !/^(AWS|S3|WEED)_/.test(name)));
}
