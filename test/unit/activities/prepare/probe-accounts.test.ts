import { describe, expect, it } from 'vitest';
import { probeAccounts } from '../../../../src/activities/prepare/probe-accounts.js';
import { Failure } from '../../../../src/domain/failure.js';

describe('probeAccounts', () => {
  it('fails with the failure of the one account that cannot be used', async () => {
    const refused = new Failure('SourceForbidden', 'no');
    const probe = async (account: string): Promise<void> => {
      if (account === 'west') throw refused;
    };
    await expect(probeAccounts(['east', 'west'], probe)).rejects.toBe(refused);
  });

  it('names what somebody must change before what may pass by itself', async () => {
    const probe = async (account: string): Promise<void> => {
      throw new Failure(account === 'east' ? 'SourceNetwork' : 'SourceAuth', `${account} is out`);
    };
    await expect(probeAccounts(['east', 'west'], probe)).rejects.toMatchObject({
      failureClass: 'SourceAuth',
      what: 'account west',
      message: '2 of 2 accounts cannot be used:\neast: east is out\nwest: west is out',
    });
  });
});
