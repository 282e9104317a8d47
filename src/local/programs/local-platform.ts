import { LocalStackError } from '../failure/local-stack-error.js';

const supported = ['linux-x64', 'linux-arm64', 'darwin-arm64'] as const;

/** A kind of machine on which the local stack runs: operating system and processor, as Node names them. */
export type LocalPlatform = (typeof supported)[number];

/** Returns the platform of this machine. Throws `LocalStackError` if the local stack does not run on it. */
export function localPlatform(system: string = process.platform, processor: string = process.arch): LocalPlatform {
  const platform = supported.find((each) => each === `${system}-${processor}`);
  if (platform !== undefined) return platform;
  throw new LocalStackError(
    'usage',
    `The local stack runs on Linux (x64, arm64) and macOS (arm64), not on ${system} (${processor})`,
    {
      next: 'Use a Temporal server and stores elsewhere: TEMPORAL_ADDRESS for Temporal, migration.yaml for the stores.',
    },
  );
}
