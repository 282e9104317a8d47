import { describe, expect, test } from 'vitest';
import { localPlatform } from '../../../src/local/programs/local-platform.js';
import { waitUntilReady, type Awaited } from '../../../src/local/processes/wait-until-ready.js';

const part: Awaited = {
  title: 'Azurite',
  withinMs: 60_000,
  hint: () => 'Its log is empty.',
  prove: async () => undefined,
  isAlive: () => true,
  progress: () => {},
  signal: new AbortController().signal,
};
const forever = new Promise<void>(() => {});

describe('waitUntilReady', () => {
  test('tries the proof until it succeeds', async () => {
    let attempts = 0;
    const prove = async (): Promise<void> => {
      attempts += 1;
      if (attempts < 3) throw new Error('not yet');
    };
    await waitUntilReady({ ...part, prove });
    expect(attempts).toBe(3);
  });

  test('gives up at once, with the last reason and the hint, when the process has ended', async () => {
    const prove = async (): Promise<void> => {
      throw new Error('connection refused');
    };
    await expect(waitUntilReady({ ...part, prove, isAlive: () => false })).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'Azurite ended while it started: connection refused',
      next: 'Its log is empty.',
    });
  });

  test('gives up when the time is up, even while an attempt hangs', async () => {
    await expect(waitUntilReady({ ...part, withinMs: 50, prove: () => forever })).rejects.toThrow(
      'Azurite was not ready within 0.05 s: no answer',
    );
  });

  test('stops with the reason of the signal, even while an attempt hangs', async () => {
    const stop = new AbortController();
    const waiting = waitUntilReady({ ...part, prove: () => forever, signal: stop.signal });
    stop.abort(new Error('interrupted'));
    await expect(waiting).rejects.toThrow('interrupted');
  });
});

describe('localPlatform', () => {
  test.each([
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['darwin', 'arm64'],
  ])('knows %s on %s', (system, processor) => {
    expect(localPlatform(system, processor)).toBe(`${system}-${processor}`);
  });

  test.each([
    ['win32', 'x64'],
    ['darwin', 'x64'],
    ['linux', 'riscv64'],
  ])('refuses %s on %s in one line that says where it runs', (system, processor) => {
    const refused = expect(() => localPlatform(system, processor));
    refused.toThrow(`The local stack runs on Linux (x64, arm64) and macOS (arm64), not on ${system} (${processor})`);
  });
});
