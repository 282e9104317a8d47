import { createHmac } from 'node:crypto';

/** A request to be signed. All its headers besides the condition have names that begin with `x-ms-`. */
export interface SignedRequest {
  readonly method: 'GET';
  /** As it is sent, escaped. */
  readonly path: string;
  /** By their names, in order; values as they are before they are escaped. */
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly ifMatch?: string | undefined;
  /** By their names, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Returns the header `authorization` of a request that is signed with an account key, as the SDK makes it. */
export function sharedKeyAuthorization(
  { accountName, key }: { readonly accountName: string; readonly key: Uint8Array },
  { method, path, query, ifMatch = '', headers }: SignedRequest,
): string {
  // Language, encoding, length, MD5, type, date and If-Modified-Since; after If-Match come If-None-Match,
  // If-Unmodified-Since and the range, which has a header of Azure's own.
  let text = `${method}\n\n\n\n\n\n\n\n${ifMatch}\n\n\n\n`;
  for (const [name, value] of headers) text += `${name}:${value}\n`;
  text += `/${accountName}${path}`;
  for (const [name, value] of query) text += `\n${name}:${value}`;
  return `SharedKey ${accountName}:${createHmac('sha256', key).update(text).digest('base64')}`;
}
