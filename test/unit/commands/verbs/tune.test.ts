import { describe, expect, it } from 'vitest';
import type { OperatorRequest } from '../../../../src/commands/ports/temporal-port.js';
import { runProgram } from '../../../../src/commands/run-program.js';
import { fakeContext } from '../fake-context.js';
import { fakeTemporal, runningRoot } from '../sample-documents.js';

const withAccounts = {
  ...runningRoot,
  control: { bucket: 'archive', prefix: '.longhaul', endpoint: null, accounts: ['east', 'west'] },
};

async function tune(...pairs: string[]) {
  const asked: OperatorRequest[] = [];
  const context = fakeContext({
    connectTemporal: async () =>
      fakeTemporal([withAccounts], {
        askRoot: async (_name, _runId, request) => {
          asked.push(request);
          return { phase: 'running', control: request.argument as never };
        },
      }),
  });
  const status = await runProgram(['tune', 'orders', ...pairs], context);
  return { status, asked: asked.map(({ argument }) => argument), out: context.out.text(), err: context.err.text() };
}

describe('tune', () => {
  it.each([
    ['20MB', 20_000_000, '20.0 MB/s'],
    ['19.8 MB/s', 19_800_000, '19.8 MB/s'],
    ['3.2MB/s', 3_200_000, '3.2 MB/s'],
    ['64KiB', 65_536, '65.5 kB/s'],
    ['65.6 kB/s', 65_600, '65.6 kB/s'],
    ['unlimited', Number.MAX_SAFE_INTEGER, 'unlimited'],
  ])('accepts a rate as people write it and as Longhaul prints it: %s', async (written, bytesPerSecond, printed) => {
    const { status, asked, out } = await tune(`bytesPerSecond=${written}`);
    expect({ status, asked }).toEqual({ status: 0, asked: [{ bytesPerSecond }] });
    expect(out).toContain(`bytesPerSecond ${printed}.`);
  });

  it('lets the workers choose the units in flight again', async () => {
    const { status, asked, out } = await tune('unitsInFlight=auto');
    expect({ status, asked }).toEqual({ status: 0, asked: [{ unitsInFlight: 'auto' }] });
    expect(out).toContain('unitsInFlight auto');
  });

  it('sets the ceiling of each account that is named', async () => {
    const { status, asked, out } = await tune('requestsPerSecond.east=500', 'requestsPerSecond.west=unlimited');
    expect({ status, asked }).toEqual({ status: 0, asked: [{ requestsPerSecond: { east: 500, west: 'unlimited' } }] });
    expect(out).toContain('requestsPerSecond.east 500, requestsPerSecond.west unlimited.');
  });

  it('refuses an account that the migration does not have, and says which it has', async () => {
    const { status, asked, err } = await tune('requestsPerSecond.esat=500');
    expect({ status, asked }).toEqual({ status: 2, asked: [] });
    expect(err).toContain('The migration has no account "esat"');
    expect(err).toContain('name one of its accounts: east, west');
  });

  it.each([
    'bytesPerSecond=1KB',
    'bytesPerSecond=fast',
    'unitsInFlight=0',
    'unitsInFlight=1.5',
    'speed=3',
    ...['requestsPerSecond=5', 'requestsPerSecond.east=0.5', 'requestsPerSecond.east=many'],
  ])('refuses %s with status 2 and asks nothing', async (pair) => {
    const { status, asked, err } = await tune(pair);
    expect({ status, asked }).toEqual({ status: 2, asked: [] });
    expect(err).toContain(`longhaul: Reading ${pair} failed: `);
  });
});
