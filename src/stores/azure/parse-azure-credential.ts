import { Failure } from '../../domain/failure.js';

/** How requests to an account are authorised. */
export type AzureCredential =
  | { readonly kind: 'key'; readonly accountName: string; readonly accountKey: string }
  | { readonly kind: 'sas'; readonly token: string }
  | { readonly kind: 'identity' };

/** What a credential value is for. `variable` is where it comes from, for messages. */
export interface CredentialUse {
  readonly account: string;
  readonly endpoint: URL;
  readonly variable: string;
}

/**
 * Understands a credential's value: `default`, a connection string, a SAS token, or an account key, whose account name is taken from the
 * endpoint. Of a connection string only its key or token is used: the endpoint is that of the migration file. Throws
 * `ConfigError/Credential`, without the value, for anything else.
 */
export function parseAzureCredential(value: string, use: CredentialUse): AzureCredential {
  const text = value.trim();
  if (text === 'default') return { kind: 'identity' };
  if (/(^|;)\s*(AccountKey|SharedAccessSignature)=/i.test(text)) return parseConnectionString(text, use);
  if (/(^\?|[?&]|^)sig=/.test(text)) return { kind: 'sas', token: text.replace(/^\?/, '') };
  return { kind: 'key', accountName: accountNameOf(use.endpoint), accountKey: requireKey(text, use) };
}

/** Gives the account's name: the first segment of a path-style endpoint, else the first label of its host. */
export function accountNameOf(endpoint: URL): string {
  const segment = endpoint.pathname.split('/').find((part) => part !== '');
  return segment ?? endpoint.hostname.split('.')[0] ?? endpoint.hostname;
}

function parseConnectionString(text: string, use: CredentialUse): AzureCredential {
  const fields = new Map<string, string>();
  for (const pair of text.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0) fields.set(pair.slice(0, at).trim().toLowerCase(), pair.slice(at + 1).trim());
  }
  const token = fields.get('sharedaccesssignature');
  if (token !== undefined) return { kind: 'sas', token: token.replace(/^\?/, '') };
  const accountName = fields.get('accountname') ?? accountNameOf(use.endpoint);
  return { kind: 'key', accountName, accountKey: requireKey(fields.get('accountkey') ?? '', use) };
}

// A key is 64 bytes; the local server also takes shorter ones. Anything that is not base64 was meant as something else.
const keyBytesMin = 16;

function requireKey(text: string, use: CredentialUse): string {
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0;
  if (isBase64 && Buffer.from(text, 'base64').length >= keyBytesMin) return text;
  throw new Failure(
    'ConfigError/Credential',
    `${use.variable} of account ${use.account} is no connection string, SAS token, account key or \`default\``,
    { what: `account ${use.account}` },
  );
}
