import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../../src/domain/text/secret.js';
import {
  accountNameOf,
  type CredentialUse,
  parseAzureCredential,
} from '../../../../../src/stores/azure/credentials/parse-azure-credential.js';

const key = Buffer.alloc(64, 'k').toString('base64');
const use = {
  account: 'east',
  endpoint: new URL('https://prodeast.blob.core.windows.net'),
  variable: 'LONGHAUL_CREDENTIAL_AZURE_EAST',
};

describe('the value of a credential', () => {
  it('is the identity chain when it is `default`', () => {
    expect(parsed(' default\n', use)).toEqual({ kind: 'identity' });
  });

  it('is an account key, whose account is the one of the endpoint', () => {
    expect(parsed(key, use)).toEqual({ kind: 'key', accountName: 'prodeast', accountKey: key });
    expect(accountNameOf(new URL('http://127.0.0.1:10000/prodwest'))).toBe('prodwest');
  });

  it('is a connection string, of which only the key or the token is used', () => {
    const expected = { kind: 'key', accountName: 'prodeast', accountKey: key };
    for (const text of [
      `DefaultEndpointsProtocol=https;AccountName=prodeast;AccountKey=${key};EndpointSuffix=core.windows.net`,
      `AccountName=prodeast;AccountKey=${key};BlobEndpoint=https://PRODEAST.blob.core.windows.net/`,
      `AccountName=prodeast;AccountKey=${key};BlobEndpoint=https://prodeast.privatelink.blob.core.windows.net`,
    ])
      expect(parsed(text, use)).toEqual(expected);
    const unplaced = `AccountName=named;AccountKey=${key}`;
    expect(parsed(unplaced, use)).toEqual({ ...expected, accountName: 'named' });
    const token = 'sv=2024-05-04&sig=abc%3D';
    const shared = `BlobEndpoint=https://prodeast.blob.core.windows.net/;SharedAccessSignature=${token}`;
    expect(parsed(shared, use)).toEqual({ kind: 'sas', token });
  });

  it('is a connection string of the local stack, by either name of this machine', () => {
    const text = `AccountName=prodeast;AccountKey=${key};BlobEndpoint=http://127.0.0.1:10000/prodeast;`;
    const local = { ...use, endpoint: new URL('http://localhost:10000/prodeast') };
    expect(parsed(text, local)).toEqual({ kind: 'key', accountName: 'prodeast', accountKey: key });
    const other = { ...use, endpoint: new URL('http://localhost:10000/prodwest') };
    expect(() => parsed(text, other)).toThrow(/another endpoint/);
  });

  it.each([
    'SharedAccessSignature=sv=2024-05-04&sig=abc%3D;BlobEndpoint=https://elsewhere/',
    `AccountName=other;AccountKey=${key};EndpointSuffix=core.windows.net`,
    `AccountName=prodeast;AccountKey=${key};EndpointSuffix=core.chinacloudapi.cn`,
  ])('is refused when it is a connection string for another endpoint: %s', (text) => {
    expect(() => parsed(text, use)).toThrow(
      expect.objectContaining({ failureClass: 'ConfigError/Endpoint', message: expect.not.stringContaining(key) }),
    );
  });

  it('is a SAS token, with its question mark or without', () => {
    const token = 'sv=2024-05-04&sp=rl&sig=abc%3D';
    expect(parsed(`?${token}`, use)).toEqual({ kind: 'sas', token });
    expect(parsed(token, use)).toEqual({ kind: 'sas', token });
  });

  it.each([
    ['https://prodeast.blob.core.windows.net/c?sv=2024&sig=hidden%3D', 'is a URL; write only the SAS token'],
    ['"sv=2024&sig=hidden%3D"', 'is in quotes'],
    [`'${key}'`, 'is in quotes'],
    [`${key.slice(0, 40)}\n${key.slice(40)}`, 'has several lines'],
    ['sv=2024&sp=rl&se=2033', 'without its signature; was it cut at an "&"?'],
    ['?sv=2024&sig=hid+den%3D', 'not escaped: write "+" as %2B'],
    ['sv=2024&sig=hidden%253D', 'escaped twice'],
    ['BlobEndpoint=https://prodeast.blob.core.windows.net;SharedAccessSignature=sv=2024&sig=hid+den', 'not escaped'],
  ])('is named as what it is, and not shown: %s', (value, what) => {
    const parse = (): unknown => parsed(value, use);
    expect(parse).toThrow(expect.objectContaining({ failureClass: 'ConfigError/Credential', what: 'account east' }));
    expect(parse).toThrow(`LONGHAUL_CREDENTIAL_AZURE_EAST of account east `);
    expect(parse).toThrow(what);
    expect(parse).not.toThrow(/hid|2033|a2tra/);
  });

  it.each(['hunter2', 'AccountName=x;AccountKey=hunter2', 'a b'])(
    'is refused, and not shown, when it is %j',
    (value) => {
      expect(() => parsed(value, use)).toThrow(
        expect.objectContaining({
          failureClass: 'ConfigError/Credential',
          message: expect.not.stringContaining(value),
        }),
      );
    },
  );
});

/** Parses a credential, and shows what it holds. */
function parsed(text: string, of: CredentialUse): unknown {
  const credential = parseAzureCredential(new Secret(text), of);
  switch (credential.kind) {
    case 'key':
      return { ...credential, accountKey: credential.accountKey.reveal() };
    case 'sas':
      return { ...credential, token: credential.token.reveal() };
    case 'identity':
      return credential;
  }
}
