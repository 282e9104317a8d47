import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { LocalStackError } from '../local-stack-error.js';
import { loopback, stackPaths } from '../state/stack-layout.js';
import type { PartPlan } from './part-plan.js';

/**
 * Plans Azurite's blob service with its data on disk. Each request is one line of `logs/azurite-access.log`, written when the reply has
 * ended, in Common Log Format: `127.0.0.1 - - [time] "GET /account/container/blob?query HTTP/1.1" 200 bytes`.
 *
 * Azurite keeps its tables in memory and writes them every 5 s and when it is asked to end: `kill -9` loses the blobs and
 * containers of the last 5 s. Whoever loads data ends this part in peace (`stackDown` with `only`) and brings it up again.
 */
export function planAzurite(options: {
  readonly stateDir: string;
  readonly port: number;
  readonly accounts: readonly { readonly name: string; readonly key: string }[];
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  readonly probe: () => Promise<void>;
}): PartPlan {
  const paths = stackPaths(options.stateDir);
  return {
    name: 'azurite',
    ports: [{ port: options.port, purpose: 'Azurite' }],
    readyWithinMs: 60_000,
    launch: () => ({
      command: process.execPath,
      args: [
        ...[azuriteMain(), '--location', paths.azurite, '--blobHost', loopback, '--blobPort', String(options.port)],
        // A newer SDK asks for a newer version of the service than Azurite knows, and would be refused.
        ...['--disableTelemetry', '--skipApiVersionCheck'],
      ],
      env: {
        ...withoutAzurite(options.baseEnv),
        AZURITE_ACCOUNTS: options.accounts.map(({ name, key }) => `${name}:${key}`).join(';'),
      },
      cwd: options.stateDir,
      outputLog: paths.log('azurite-access'),
      errorLog: paths.log('azurite'),
    }),
    probe: options.probe,
  };
}

function azuriteMain(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('azurite/package.json');
    return join(dirname(manifest), 'dist', 'src', 'blob', 'main.js');
  } catch (error) {
    throw new LocalStackError('unreachable', 'Azurite, the local Azure Blob Storage, is not installed', {
      next: 'Install it with the optional dependencies of this package (npm install --include=optional), or use --no-stores.',
      cause: error,
    });
  }
}

function withoutAzurite(baseEnv: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(baseEnv).filter(([name]) => !name.startsWith('AZURITE_')));
}
