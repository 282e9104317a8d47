import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makePrivateFolder } from '../../../src/local/state/make-private-folder.js';
import { openStackState } from '../../../src/local/state/open-stack-state.js';
import { processIdentity } from '../../../src/local/processes/process-identity.js';
import { readStackState, writeStackState } from '../../../src/local/state/stack-state.js';

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'longhaul-state-'));
});
afterEach(() => {
  rmSync(stateDir, { recursive: true });
});

describe('the record of a stack', () => {
  test('is read back as written, is for its owner only, and leaves no half-written file', () => {
    const state = openStackState({ stateDir, stores: true, portBase: 17_000 });
    writeStackState(stateDir, state);
    writeStackState(stateDir, state);
    expect(readStackState(stateDir)).toEqual(state);
    expect(statSync(join(stateDir, 'stack.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(stateDir)).toEqual(['stack.json']);
  });

  test('is absent when there has been no stack', () => {
    expect(readStackState(stateDir)).toBeUndefined();
  });

  test.each(['{', '{"version":2}', ''])('is refused with its path where it holds %j', (text) => {
    writeFileSync(join(stateDir, 'stack.json'), text);
    expect(() => readStackState(stateDir)).toThrow(join(stateDir, 'stack.json'));
  });
});

describe('the folder of a stack', () => {
  const modeOf = (path: string): number => statSync(path).mode & 0o777;

  test('is private when it is made, and is made private when it exists', () => {
    const fresh = join(stateDir, 'a', 'fresh');
    makePrivateFolder(fresh);
    expect(modeOf(fresh)).toBe(0o700);
    const open = join(stateDir, 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    makePrivateFolder(open);
    expect(modeOf(open)).toBe(0o700);
  });

  test('is refused when it cannot be private, with what to do', () => {
    writeFileSync(join(stateDir, 'file'), '');
    expect(() => makePrivateFolder(join(stateDir, 'file'))).toThrow(
      expect.objectContaining({ kind: 'usage', next: expect.stringContaining('--state-dir') }),
    );
  });
});

describe('openStackState', () => {
  const running = { pid: process.pid, identity: processIdentity(process.pid)!, startedAt: '', settled: true };

  test('makes three Azure accounts and an S3 identity, different ones for each stack', () => {
    const [one, two] = [openStackState({ stateDir, stores: true }), openStackState({ stateDir, stores: true })];
    expect(one.stores?.azure.map(({ name }) => name)).toEqual(['prodeast', 'prodwest', 'prodlate']);
    expect(Buffer.from(one.stores!.azure[0]!.key, 'base64')).toHaveLength(64);
    const secrets = [one, two].flatMap(({ stores }) => [
      ...stores!.azure.map(({ key }) => key),
      stores!.s3.secretAccessKey,
    ]);
    expect(new Set(secrets).size).toBe(8);
  });

  test('keeps ports and secrets of an earlier stack', () => {
    const first = openStackState({ stateDir, stores: true, portBase: 17_000 });
    writeStackState(stateDir, first);
    expect(openStackState({ stateDir, stores: true })).toEqual(first);
  });

  test('moves to other ports when nothing runs, and refuses to when a part does', () => {
    const first = openStackState({ stateDir, stores: true, portBase: 17_000 });
    const ended = { ...running, identity: 'another process' };
    writeStackState(stateDir, { ...first, parts: { temporal: ended } });
    expect(openStackState({ stateDir, stores: true, portBase: 18_000 }).ports.temporal).toBe(18_000);
    writeStackState(stateDir, { ...first, parts: { temporal: running } });
    expect(() => openStackState({ stateDir, stores: true, portBase: 18_000 })).toThrow(
      'runs on port base 17000, not on port base 18000',
    );
  });

  test('keeps the secrets of its stores while it is used without them', () => {
    const first = openStackState({ stateDir, stores: true });
    writeStackState(stateDir, first);
    expect(openStackState({ stateDir, stores: false })).toEqual({ ...first, usesStores: false });
  });
});
