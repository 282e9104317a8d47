import { gunzipSync } from 'node:zlib';
import type { ProxiedRequest } from './fault-proxy.js';

/** What a request to a store is for, in the words of the glossary. */
export type RequestKind =
  | 'list blobs'
  | 'read blob'
  | 'look up object'
  | 'read object'
  | 'put object'
  | 'create upload'
  | 'upload part'
  | 'complete upload'
  | 'abort upload'
  | 'claim ledger'
  | 'flush ledger'
  | 'close ledger'
  | 'write checkpoint'
  | 'stage units'
  | 'commit migration'
  | 'take ownership'
  | 'close round'
  | 'read control'
  | 'other';

type UnnamedRequest = Omit<ProxiedRequest, 'kind'>;

/** Names a request to Azure. */
export function sourceRequestKind({ method, path, query }: UnnamedRequest): RequestKind {
  if (method !== 'GET') return 'other';
  if (query.get('comp') === 'list') return 'list blobs';
  return path.split('/').length > 3 ? 'read blob' : 'other';
}

/**
 * Names a request to S3. It tells the writes of a ledger apart by their bodies, so call it when the request arrives.
 */
export function targetRequestKind(request: UnnamedRequest): RequestKind {
  const { method, path, query } = request;
  if (path.split('/').length <= 2 || path.endsWith('/')) return 'other';
  if (path.includes('/.longhaul/')) return method === 'PUT' ? controlWriteKind(request) : controlReadKind(method);
  switch (method) {
    case 'HEAD':
      return 'look up object';
    case 'GET':
      return 'read object';
    case 'PUT':
      return query.has('partNumber') ? 'upload part' : 'put object';
    case 'POST':
      return query.has('uploads') ? 'create upload' : 'complete upload';
    case 'DELETE':
      return query.has('uploadId') ? 'abort upload' : 'other';
    default:
      return 'other';
  }
}

function controlReadKind(method: string): RequestKind {
  return method === 'GET' ? 'read control' : 'other';
}

function controlWriteKind({ path, body }: UnnamedRequest): RequestKind {
  if (path.includes('/ledger/')) return ledgerWriteKind(body);
  if (path.includes('/uploads/')) return 'write checkpoint';
  if (path.includes('/units-')) return 'stage units';
  if (path.endsWith('/migration.json')) return 'commit migration';
  if (path.endsWith('/owner.json')) return 'take ownership';
  return path.endsWith('/summary.json') ? 'close round' : 'other';
}

function ledgerWriteKind(body: Buffer): RequestKind {
  const last = ledgerLines(body).at(-1);
  if (last?.['type'] === 'footer') return 'close ledger';
  return last?.['type'] === 'claim' ? 'claim ledger' : 'flush ledger';
}

/** Returns the lines of a ledger, read without any of our code. */
export function ledgerLines(bytes: Buffer): readonly Readonly<Record<string, unknown>>[] {
  const lines = gunzipSync(bytes).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}
