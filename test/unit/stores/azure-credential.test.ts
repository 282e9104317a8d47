import { describe, expect, it } from 'vitest';
import { accountNameOf, parseAzureCredential } from '../../../src/stores/azure/parse-azure-credential.js';

const key = Buffer.alloc(64, 'k').toString('base64');
const use = {
  account: 'east',
  endpoint: new URL('https://prodeast.blob.core.windows.net'),
  variable: 'LONGHAUL_CREDENTIAL_AZURE_EAST',
};

describe('the value of a credential', () => {
  it('is the identity chain when it is `default`', () => {
    expect(parseAzureCredential(' default\n', use)).toEqual({ kind: 'identity' });
  });

  it('is an account key, whose account is the one of the endpoint', () => {
    expect(parseAzureCredential(key, use)).toEqual({ kind: 'key', accountName: 'prodeast', accountKey: key });
    expect(accountNameOf(new URL('http://127.0.0.1:10000/prodwest'))).toBe('prodwest');
  });

  it('is a connection string, of which only the key or the token is used', () => {
    const text = `DefaultEndpointsProtocol=https;AccountName=named;AccountKey=${key};EndpointSuffix=core.windows.net`;
    expect(parseAzureCredential(text, use)).toEqual({ kind: 'key', accountName: 'named', accountKey: key });
    const token = 'sv=2024-05-04&sig=abc%3D';
    const shared = `BlobEndpoint=https://elsewhere/;SharedAccessSignature=${token}`;
    expect(parseAzureCredential(shared, use)).toEqual({ kind: 'sas', token });
  });

  it('is a SAS token, with its question mark or without', () => {
    const token = 'sv=2024-05-04&sp=rl&sig=abc%3D';
    expect(parseAzureCredential(`?${token}`, use)).toEqual({ kind: 'sas', token });
    expect(parseAzureCredential(token, use)).toEqual({ kind: 'sas', token });
  });

  it.each(['hunter2', 'AccountName=x;AccountKey=hunter2', 'a b'])(
    'is refused, and not shown, when it is %j',
    (value) => {
      expect(() => parseAzureCredential(value, use)).toThrow(
        expect.objectContaining({
          failureClass: 'ConfigError/Credential',
          message: expect.not.stringContaining(value),
        }),
      );
    },
  );
});
