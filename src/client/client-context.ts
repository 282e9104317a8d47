import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Interrupted } from '../commands/ending/command-error.js';
import { exitStatus } from '../commands/ending/exit-status.js';
import type { CommandContext } from '../commands/ports/context.js';
import { createRedact } from '../domain/text/redact-secrets.js';
import type { Secret } from '../domain/text/secret.js';
import type { Environment } from '../env.js';
import { KnownSecrets } from '../known-secrets.js';
import { askLine } from './ask-line.js';
import type { SourceAccess } from './decode-place.js';
import { stackPort } from './stack-port.js';
import { storePorts } from './store-ports.js';
import { textOutput } from './text-output.js';

/** Connects the verbs to this process: its streams, clock and signals, Temporal and the stores. */
export function clientContext(environment: Environment, credentials: SourceAccess['credentials']): CommandContext {
  const { allowInsecureEndpoints, trustedHosts, http } = environment;
  const signal = interruptSignal();
  const secrets = new KnownSecrets(environment.variables);
  const noteSecret = (secret: Secret): void => secrets.note(secret);
  const access = {
    ...{ allowInsecureEndpoints, trustedHosts, http, noteSecret },
    credentials: async (name: string): Promise<Secret | undefined> => {
      const secret = await credentials(name);
      if (secret !== undefined) secrets.note(secret);
      return secret;
    },
  };
  return {
    environment,
    out: textOutput(process.stdout, environment),
    err: textOutput(process.stderr, environment),
    now: Date.now,
    sleep: async (durationMs, signal) => {
      try {
        await wait(durationMs, undefined, { signal });
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      }
    },
    signal,
    ask: (question) => askLine(question, signal),
    version: packageVersion(),
    invocation: invocation(environment),
    connectTemporal: async (of) => (await import('./connect-temporal.js')).connectTemporal(of),
    redact: createRedact(secrets),
    stores: storePorts(environment, noteSecret),
    stack: stackPort(environment),
    async *decode(...request) {
      return yield* (await import('./decode-place.js')).decodePlace(access, ...request);
    },
  };
}

/** The first signal asks the verb to stop cleanly. The second ends the program at once. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(exitStatus.interrupted);
    controller.abort(new Interrupted());
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return controller.signal;
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Once installed, the program is on PATH. In a checkout, npm finds it. */
function invocation({ variables }: Environment): string {
  const isInstalled = import.meta.url.includes('/node_modules/');
  return isInstalled && variables['npm_command'] === undefined ? 'longhaul' : 'npx --no-install longhaul';
}
