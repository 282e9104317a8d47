import { Failure } from '../../../domain/failure.js';
import { Secret } from '../../../domain/text/secret.js';

/** How requests to an account are authorised. */
export type AzureCredential =
  | { readonly kind: 'key'; readonly accountName: string; readonly accountKey: Secret }
  | { readonly kind: 'sas'; readonly token: Secret }
  | { readonly kind: 'identity' };

/** What a credential is for. `variable` says where it comes from, for messages. */
export interface CredentialUse {
  readonly account: string;
  readonly endpoint: URL;
  readonly variable: string;
}

/**
 * Parses the value of a credential: `default`, a connection string, a SAS token, or an account key, whose account
 * name comes from the endpoint. Of a connection string only the key or token is used; an endpoint in it must be that
 * of the migration file, else `ConfigError/Endpoint`. Throws `ConfigError/Credential` for anything else. No message
 * holds any part of the value.
 */
export function parseAzureCredential(value: Secret, use: CredentialUse): AzureCredential {
  const text = value.reveal().trim();
  if (text === 'default') return { kind: 'identity' };
  const mistake = commonMistake(text);
  if (mistake !== undefined) throw unusable(use, mistake);
  if (/(^|;)\s*(AccountKey|SharedAccessSignature)=/i.test(text)) return parseConnectionString(text, use);
  if (isSasToken(text)) return { kind: 'sas', token: requireToken(text, use) };
  return { kind: 'key', accountName: accountNameOf(use.endpoint), accountKey: requireKey(text, use) };
}

/** Returns the account's name: the first segment of a path-style endpoint, else the first label of its host. */
export function accountNameOf(endpoint: URL): string {
  const segment = endpoint.pathname.split('/').find((part) => part !== '');
  return segment ?? endpoint.hostname.split('.')[0] ?? endpoint.hostname;
}

function commonMistake(text: string): string | undefined {
  if (/^(["'`]).*\1$/s.test(text)) return 'is in quotes; write it without them';
  if (/^https?:\/\//i.test(text)) return 'is a URL; write only the SAS token, which is what follows the "?"';
  if (/[\r\n]/.test(text)) return 'has several lines; write it in one';
  return undefined;
}

function isSasToken(text: string): boolean {
  return /^\??[a-z]{2,4}=/.test(text) || /[?&]sig=/.test(text);
}

function requireToken(text: string, use: CredentialUse): Secret {
  const token = text.replace(/^\?/, '');
  const signature = /(?:^|&)sig=([^&]*)/.exec(token)?.[1] ?? '';
  if (signature === '')
    throw unusable(
      use,
      'is a SAS token without its signature; was it cut at an "&"? Put it in quotes where you set it',
    );
  // `+` would arrive as a space; `%25` is a percent sign that was escaped before.
  if (/[+\s]/.test(signature)) throw unusable(use, 'is a SAS token whose signature is not escaped: write "+" as %2B');
  if (/%25/.test(signature)) throw unusable(use, 'is a SAS token whose signature is escaped twice');
  return new Secret(token);
}

function parseConnectionString(text: string, use: CredentialUse): AzureCredential {
  const fields = new Map<string, string>();
  for (const pair of text.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0) fields.set(pair.slice(0, at).trim().toLowerCase(), pair.slice(at + 1).trim());
  }
  requireSameEndpoint(fields, use);
  const token = fields.get('sharedaccesssignature');
  if (token !== undefined) return { kind: 'sas', token: requireToken(token, use) };
  const accountName = fields.get('accountname') ?? accountNameOf(use.endpoint);
  return { kind: 'key', accountName, accountKey: requireKey(fields.get('accountkey') ?? '', use) };
}

/** A key for one account must not be used to sign requests to another, nor a token be sent there. */
function requireSameEndpoint(fields: ReadonlyMap<string, string>, use: CredentialUse): void {
  const named = endpointOf(fields);
  if (named === undefined || placeOf(named) === placeOf(use.endpoint)) return;
  const wanted = placeOf(use.endpoint);
  throw new Failure(
    'ConfigError/Endpoint',
    `${use.variable} of account ${use.account} is a connection string for another endpoint than ${wanted}`,
    { what: `account ${use.account}` },
  );
}

function endpointOf(fields: ReadonlyMap<string, string>): URL | undefined {
  const [name, suffix] = [fields.get('accountname'), fields.get('endpointsuffix')];
  const text =
    fields.get('blobendpoint') ??
    (name === undefined || suffix === undefined ? undefined : `https://${name}.blob.${suffix}`);
  return text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
}

/**
 * A private link has its own name for the same account, and the local stack may be called by either name of this
 * machine.
 */
function placeOf({ host, pathname }: URL): string {
  const name = host
    .toLowerCase()
    .replace('.privatelink.', '.')
    .replace(/^localhost(?=:|$)/, '127.0.0.1');
  return name + pathname.replace(/\/+$/, '');
}

// A key has 64 bytes; Azurite accepts shorter ones. What is not base64 was meant as something else.
const keyBytesMin = 16;

function requireKey(text: string, use: CredentialUse): Secret {
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0;
  if (isBase64 && Buffer.from(text, 'base64').length >= keyBytesMin) return new Secret(text);
  throw unusable(use, 'is not a connection string, SAS token, account key or `default`');
}

function unusable({ variable, account }: CredentialUse, why: string): Failure {
  return new Failure('ConfigError/Credential', `${variable} of account ${account} ${why}`, {
    what: `account ${account}`,
  });
}
