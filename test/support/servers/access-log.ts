import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SharedStack } from './e2e-stack.js';

/** One request, from Azurite's own log. */
export interface SourceRequest {
  readonly method: string;
  /** The decoded path without the query: `/account/container/blob`. */
  readonly path: string;
  readonly status: number;
}

/** Returns all requests that Azurite has answered so far. */
export function sourceRequests(stack: SharedStack): readonly SourceRequest[] {
  const lines = readFileSync(join(stack.stateDir, 'logs', 'azurite-access.log'), 'utf8').split('\n');
  return lines.flatMap((line) => {
    const match = /"(GET|HEAD|PUT|POST|DELETE) (\S+) HTTP\/1\.1" (\d{3})/.exec(line);
    if (match === null) return [];
    const [, method = '', url = '', status = ''] = match;
    return [{ method, path: decodeURIComponent(url.split('?')[0] ?? ''), status: Number(status) }];
  });
}

/** Returns the paths of the blobs whose bytes were read, in order. Listings and uploads are not included. */
export function blobReads(requests: readonly SourceRequest[]): readonly string[] {
  return requests.filter(({ method, path }) => method === 'GET' && path.split('/').length > 3).map(({ path }) => path);
}
