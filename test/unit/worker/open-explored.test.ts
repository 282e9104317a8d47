import { expect, it } from 'vitest';
import { Secret } from '../../../src/domain/text/secret.js';
import { openExplored } from '../../../src/worker/open-explored.js';

const running = new AbortController().signal;

// No token of the identity chain goes to this machine, which shows that it was chosen before anybody is asked.
it.each([
  [true, undefined, '127.0.0.1 is not a'],
  [true, 'no key at all', 'LONGHAUL_CREDENTIAL_EAST'],
  [false, undefined, 'neither LONGHAUL_CREDENTIAL_EAST nor LONGHAUL_CREDENTIAL_EAST_FILE is set'],
])('uses the identity chain only without a file (%s) and without a credential (%s)', async (orIdentity, value, why) => {
  const definition = { endpoint: 'http://127.0.0.1:9/east', credential: 'east' };
  const { source, close } = openExplored(
    { name: 'east', definition, orIdentity },
    {
      allowInsecureEndpoints: true,
      trustedHosts: [],
      credentials: async () => (value === undefined ? undefined : new Secret(value)),
    },
  );
  await expect(source.listContainers('east', {}, running)).rejects.toMatchObject({
    message: expect.stringContaining(why) as string,
  });
  close();
});
