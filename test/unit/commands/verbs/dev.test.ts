import { describe, expect, it } from 'vitest';
import { runProgram } from '../../../../src/commands/run-program.js';
import type { StackPort } from '../../../../src/commands/ports/stack-port.js';
import { LocalStackError } from '../../../../src/local/failure/local-stack-error.js';
import { stackEnvironment } from '../../../../src/local/stack-environment.js';
import { fakeContext } from '../fake-context.js';
import { sampleStack as stack, stackSecret as secret } from '../sample-stack.js';

async function run(args: string[], port: Partial<StackPort> = {}) {
  const context = fakeContext({
    stack: {
      defaultStateDir: '/state',
      up: async () => ({ ...stack, changes: { temporal: 'started', workers: 'kept' } }),
      down: async ({ wipe }) => ({ ended: [], wiped: wipe }),
      fetch: async ({ dir = '/cache' }) => ({
        temporal: `${dir}/temporal`,
        azurite: `${dir}/azurite`,
        weed: `${dir}/weed`,
      }),
      status: async () => stack,
      variables: (of) => stackEnvironment(of),
      environmentOf: () => {
        throw new Error('not a demo');
      },
      ...port,
    },
  });
  const status = await runProgram(['dev', ...args], context);
  return { status, out: context.out.text(), err: context.err.text() };
}

describe('the local stack', () => {
  it('ends with the line to paste when it is up, and shows no secret', async () => {
    const { status, out } = await run(['up']);
    expect(status).toBe(0);
    expect(out).toBe(
      [
        '  Web UI       http://127.0.0.1:8233',
        '  Temporal     127.0.0.1:7233         running  process 42, started',
        '  The workers                         running  process 42, kept',
        '  State in /state',
        'To use it, paste this line into your shell:',
        'eval "$(longhaul dev env)"',
        '',
      ].join('\n'),
    );
    expect((await run(['up', '--json'])).out).not.toContain(secret);
  });

  it('repeats the state directory in that line, quoted where the shell needs it', async () => {
    expect((await run(['up', '--state-dir', './stack'])).out).toContain('dev env --state-dir ./stack)"');
    expect((await run(['up', '--state-dir', "it's"])).out).toContain(String.raw`dev env --state-dir 'it'\''s')"`);
  });

  it('passes options on', async () => {
    const seen: unknown[] = [];
    const up: StackPort['up'] = async ({ stateDir, portBase, stores }) => {
      seen.push({ stateDir, portBase, stores });
      return { ...stack, changes: {} };
    };
    await run(['up', '--state-dir', '/other', '--port-base', '17000', '--no-stores'], { up });
    await run(['up'], { up });
    expect(seen).toEqual([
      { stateDir: '/other', portBase: 17_000, stores: false },
      { stateDir: '/state', portBase: undefined, stores: true },
    ]);
  });

  it('prints the variables for a shell and nothing else', async () => {
    expect((await run(['env'])).out).toMatch(/^(export \w+='[^']*'\n)+$/);
    expect((await run(['env', '--shell', 'powershell'])).out).toMatch(/^(\$env:\w+ = '[^']*'\n)+$/);
    expect(JSON.parse((await run(['env', '--json'])).out)).toMatchObject({ TEMPORAL_ADDRESS: '127.0.0.1:7233' });
  });

  it('says with its status whether all of it runs', async () => {
    expect(await run(['status', '--json'])).toMatchObject({ status: 0 });
    const dead = { ...stack, parts: stack.parts.map((each) => ({ ...each, alive: each.name !== 'workers' })) };
    const { status, out } = await run(['status'], { status: async () => dead });
    expect(status).toBe(6);
    expect(out).toMatch(/The workers +not running/);
  });

  it('says how to start one when there is none', async () => {
    const { status, err } = await run(['env', '--state-dir', '/none'], { status: async () => undefined });
    expect(status).toBe(6);
    expect(err).toContain('next: start one: `longhaul dev up --state-dir /none`');
  });

  it('says why it cannot come up, and what to do', async () => {
    const taken = new LocalStackError('usage', 'Port 7233 cannot be used', { next: 'use --port-base 17000' });
    const { status, err } = await run(['up'], { up: () => Promise.reject(taken) });
    expect({ status, err }).toEqual({
      status: 2,
      err: 'longhaul: Port 7233 cannot be used\n  next: use --port-base 17000\n',
    });
  });

  it('says what down has done', async () => {
    expect((await run(['down'])).out).toBe('No local stack with its state in /state is running.\n');
    expect((await run(['down', '--wipe'])).out).toContain('The data in /state has been deleted.');
  });

  it('fetches its programs for a machine without network, and says how they are named there', async () => {
    const { status, out } = await run(['fetch', '--to', '/usb']);
    expect(status).toBe(0);
    expect(out).toContain(
      "export LONGHAUL_TEMPORAL_CLI='/usb/temporal'\nexport LONGHAUL_AZURITE='/usb/azurite'\n" +
        "export LONGHAUL_WEED='/usb/weed'\n",
    );
    expect((await run(['fetch'])).out).toBe(
      'Temporal CLI  /cache/temporal\nAzurite       /cache/azurite\nSeaweedFS     /cache/weed\n',
    );
    expect(JSON.parse((await run(['fetch', '--to', '/usb', '--json'])).out)).toMatchObject({
      variables: { LONGHAUL_AZURITE: '/usb/azurite', LONGHAUL_WEED: '/usb/weed' },
    });
  });
});
