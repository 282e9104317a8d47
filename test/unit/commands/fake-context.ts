import { PassThrough } from 'node:stream';
import type { CommandContext } from '../../../src/commands/ports/context.js';
import { createStyle } from '../../../src/commands/screen/create-style.js';
import type { TextOutput } from '../../../src/commands/ports/text-output.js';

/** An output that keeps what is written to it. */
export interface KeptOutput extends TextOutput {
  readonly text: () => string;
}

/** Returns an output, which is not a terminal by default. */
export function keptOutput(isTerminal = false): KeptOutput {
  let text = '';
  const stream = new PassThrough();
  stream.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  const write = (more: string): void => {
    text += more;
  };
  return { isTerminal, style: createStyle(false), stream, write, text: () => text };
}

/** A context whose clock stands still until it is moved or somebody sleeps. */
export interface FakeContext extends CommandContext {
  readonly out: KeptOutput;
  readonly err: KeptOutput;
  readonly clock: { nowMs: number };
  readonly controller: AbortController;
}

/** Returns a context. Every port that the test does not set fails when it is used. */
export function fakeContext(ports: Partial<CommandContext> = {}): FakeContext {
  const clock = { nowMs: Date.parse('2026-01-02T03:04:05.000Z') };
  const controller = new AbortController();
  const unused = (name: string) => (): never => {
    throw new Error(`${name} is not expected to be used`);
  };
  const unusedPort = (name: string): never =>
    new Proxy({}, { get: (_target, method) => unused(`${name}.${String(method)}`) }) as never;
  return {
    environment: {
      problems: [],
      ...{ taskQueue: 'longhaul', heartbeatIntervalMs: 5_000, log: 'json', metricsAddress: undefined },
      ...{ cancelPatienceMs: undefined, healthAddress: undefined },
      ...{ webUi: 'http://127.0.0.1:8233', temporalProgram: undefined },
      ...{ azuriteProgram: undefined, weedProgram: undefined, payloadCodec: undefined, trustedHosts: [], http: 'lean' },
      ...{ allowInsecureEndpoints: true, variables: {} },
    },
    now: () => clock.nowMs,
    sleep: async (durationMs, signal) => {
      signal.throwIfAborted();
      clock.nowMs += durationMs;
    },
    signal: controller.signal,
    ask: unused('ask'),
    version: '1.2.3',
    invocation: 'longhaul',
    redact: (text) => text.replaceAll('canary-secret', '[redacted]'),
    connectTemporal: unused('connectTemporal'),
    stores: unusedPort('stores'),
    stack: unusedPort('stack'),
    decode: unused('decode'),
    ...ports,
    out: keptOutput(),
    err: keptOutput(),
    clock,
    controller,
  };
}
