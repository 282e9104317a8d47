import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { planPorts, portNames } from '../../../src/local/ports/plan-ports.js';
import { requireFreePorts } from '../../../src/local/ports/require-free-ports.js';

describe('planPorts', () => {
  test('returns the customary ports, each once, when no base is named', () => {
    const ports = planPorts();
    expect(ports).toMatchObject({ temporal: 7233, temporalUi: 8233, temporalMetrics: 9233, azurite: 10_000, s3: 8333 });
    expect(new Set(Object.values(ports)).size).toBe(portNames.length);
  });

  test('returns consecutive ports from a base, Temporal first', () => {
    expect(Object.values(planPorts(17_000))).toEqual(portNames.map((_, index) => 17_000 + index));
    expect(planPorts(17_000).temporal).toBe(17_000);
  });

  test.each([0, 80, 1023, 65_522, 17_000.5, Number.NaN])('refuses base %s and says which can be used', (base) => {
    expect(() => planPorts(base)).toThrow(
      expect.objectContaining({ kind: 'usage', next: 'Choose a whole number from 1024 to 65521.' }),
    );
  });

  test('accepts the highest base whose ports all exist', () => {
    expect(Math.max(...Object.values(planPorts(65_521)))).toBe(65_535);
  });
});

describe('requireFreePorts', () => {
  test('names the port that is taken, who needs it, and the way out', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await expect(requireFreePorts([{ port, purpose: 'Azurite' }])).rejects.toMatchObject({
        message: `Port ${port}, needed for Azurite, cannot be used: another program listens on it`,
        next: expect.stringContaining('--port-base'),
      });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    await requireFreePorts([{ port, purpose: 'Azurite' }]);
  });
});
