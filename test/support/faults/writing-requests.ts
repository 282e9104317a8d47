import type { RequestKind } from './request-kind.js';

/** Every kind of request with which a migration writes. */
export const writingRequests = [
  'stage units',
  'commit migration',
  'take ownership',
  'claim ledger',
  'put object',
  'create upload',
  'upload part',
  'write checkpoint',
  'complete upload',
  'flush ledger',
  'close ledger',
  'close round',
] as const satisfies readonly RequestKind[];
