import { azuriteProgram } from '../programs/pinned-programs.js';
import { loopback, stackPaths } from '../state/stack-layout.js';
import type { PartPlan } from './part-plan.js';

/**
 * Plans Azurite's blob service with its data on disk. Each request becomes one line of `logs/azurite-access.log` once
 * the reply has ended, in Common Log Format: `127.0.0.1 - - [time] "GET /account/container/blob?query HTTP/1.1" 200
 * bytes`.
 *
 * Azurite keeps its tables in memory and writes them every 5 s and on SIGTERM: `kill -9` loses the blobs and containers
 * of the last 5 s. To keep uploaded data, end this part properly (`stackDown` with `only`) and bring it up again.
 */
export function planAzurite(options: {
  readonly stateDir: string;
  readonly port: number;
  readonly accounts: readonly { readonly name: string; readonly key: string }[];
  readonly explicit: string | undefined;
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  readonly probe: () => Promise<void>;
}): PartPlan {
  const paths = stackPaths(options.stateDir);
  return {
    name: 'azurite',
    ports: [{ port: options.port, purpose: 'Azurite' }],
    readyWithinMs: 60_000,
    program: { wanted: azuriteProgram, explicit: options.explicit },
    launch: (main) => ({
      command: process.execPath,
      args: [
        ...[main, '--location', paths.azurite, '--blobHost', loopback, '--blobPort', String(options.port)],
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

function withoutAzurite(baseEnv: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(baseEnv).filter(([name]) => !name.startsWith('AZURITE_')));
}
