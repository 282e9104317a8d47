import { LocalStackError } from '../failure/local-stack-error.js';

/** What listens on a port, in the order in which ports are assigned from a base. */
export const portNames = [
  'temporal',
  'temporalUi',
  'temporalMetrics',
  'temporalHttp',
  'azurite',
  's3',
  's3Grpc',
  's3Master',
  's3MasterGrpc',
  's3Volume',
  's3VolumeGrpc',
  's3Filer',
  's3FilerGrpc',
  's3Admin',
  's3AdminGrpc',
] as const;

/** The port, on 127.0.0.1, of each listener of the stack. */
export type StackPorts = Readonly<Record<(typeof portNames)[number], number>>;

/**
 * The ports that people expect. SeaweedFS's inner ports follow its S3 port; its own defaults include 8888 and others
 * that notebooks and development servers use.
 */
const customary: StackPorts = {
  temporal: 7233,
  temporalUi: 8233,
  temporalMetrics: 9233,
  temporalHttp: 7243,
  azurite: 10_000,
  s3: 8333,
  s3Grpc: 8334,
  s3Master: 8335,
  s3MasterGrpc: 8336,
  s3Volume: 8337,
  s3VolumeGrpc: 8338,
  s3Filer: 8339,
  s3FilerGrpc: 8340,
  s3Admin: 8341,
  s3AdminGrpc: 8342,
};

/**
 * Returns the customary ports, or consecutive ones from `portBase` (1024 to 65521). Throws `LocalStackError` for any
 * other base.
 */
export function planPorts(portBase?: number): StackPorts {
  if (portBase === undefined) return customary;
  const last = 65_536 - portNames.length;
  if (!Number.isInteger(portBase) || portBase < 1024 || portBase > last) {
    throw new LocalStackError(
      'usage',
      `--port-base ${portBase} cannot be used: the stack takes ${portNames.length} ports from it`,
      { next: `Choose a whole number from 1024 to ${last}.` },
    );
  }
  return Object.fromEntries(portNames.map((name, index) => [name, portBase + index])) as StackPorts;
}
