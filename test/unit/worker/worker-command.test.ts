import { availableParallelism } from 'node:os';
import { describe, expect, test, vi } from 'vitest';
import { createRedact } from '../../../src/domain/text/redact-secrets.js';
import { bindAddressOf } from '../../../src/worker/install-runtime.js';
import { KnownSecrets } from '../../../src/known-secrets.js';
import { parseWorkerCall } from '../../../src/worker/worker-command.js';
import { workerTable } from '../../../src/worker/worker-table.js';

const parse = (...args: string[]) => parseWorkerCall(args, { taskQueue: 'longhaul', version: '1.2.3' });

/** What a call prints before it gives up. */
function refused(...args: string[]): string {
  let text = '';
  const write = (part: unknown): boolean => {
    text += String(part);
    return true;
  };
  const outputs = [vi.spyOn(process.stderr, 'write'), vi.spyOn(process.stdout, 'write')];
  for (const output of outputs) output.mockImplementation(write);
  try {
    expect(() => parse(...args)).toThrow();
    return text;
  } finally {
    for (const output of outputs) output.mockRestore();
  }
}

describe('longhaul-worker', () => {
  test('has one process for each core and the default queue unless told otherwise', () => {
    expect(parse()).toEqual({ processes: availableParallelism(), taskQueue: 'longhaul' });
    expect(parse('--processes', 'auto').processes).toBe(availableParallelism());
    expect(parse('--processes', '3', '--task-queue', 'nightly')).toEqual({ processes: 3, taskQueue: 'nightly' });
  });

  test.each([['0'], ['-1'], ['1.5'], ['many'], ['257']])('refuses %s processes', (count) => {
    expect(refused('--processes', count)).toContain('whole number from 1 to 256');
  });

  test('refuses what it does not know, and shows examples', () => {
    expect(refused('--proceses', '2')).toContain('unknown option');
    expect(refused('extra')).toContain('too many arguments');
    const help = refused('--help');
    expect(help).toContain('longhaul-worker --processes 2');
    expect(help).not.toContain('--child');
  });

  test.each([['help'], ['-h'], ['--help']])('explains itself with %s: options, variables, exit statuses', (word) => {
    const help = refused(word);
    const { options, variables, sdkVariables, statuses } = workerTable;
    for (const { flags } of Object.values(options)) expect(help).toContain(flags);
    for (const name of Object.keys({ ...variables, ...sdkVariables })) expect(help).toContain(name);
    for (const status of Object.keys(statuses)) expect(help).toMatch(new RegExp(`^  ${status}  `, 'm'));
  });

  test.each([['-V'], ['--version']])('prints its version with %s', (word) => {
    expect(refused(word)).toBe('1.2.3\n');
  });

  test('serves metrics of each process on a port of its own', () => {
    expect(bindAddressOf('0.0.0.0:9464', 1)).toBe('0.0.0.0:9464');
    expect(bindAddressOf('localhost:9464', 3)).toBe('127.0.0.1:9466');
  });
});

test('secrets of the environment never show in logs and failures', () => {
  const redact = createRedact(
    new KnownSecrets({
      LONGHAUL_CREDENTIAL_EAST: 'DefaultEndpointsProtocol=x;canary-east',
      LONGHAUL_CREDENTIAL_WEST_FILE: '/etc/secrets/west',
      AWS_SECRET_ACCESS_KEY: 'canary-aws/Secret+1',
      TEMPORAL_API_KEY: 'canary-temporal',
      PATH: '/usr/bin:/bin',
    }),
  );
  const clean = redact(
    'canary-aws/Secret+1 canary-temporal DefaultEndpointsProtocol=x;canary-east /etc/secrets/west /usr/bin:/bin',
  );
  expect(clean).toBe('[redacted] [redacted] [redacted] /etc/secrets/west /usr/bin:/bin');
});
