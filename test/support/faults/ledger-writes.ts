import type { ProxiedRequest } from './fault-proxy.js';
import { ledgerLines } from './request-kind.js';

/** One write of a slice's ledger that the store accepted. */
export interface LedgerWrite {
  /** The path of the ledger, which identifies the slice. */
  readonly ledger: string;
  readonly kind: 'claim' | 'flush' | 'close';
  readonly arrivedMs: number;
  readonly acceptedMs: number;
  /** The token of the attempt that wrote it. */
  readonly token: string;
  readonly firstUnit: number;
  readonly units: number;
}

/** Returns the accepted ledger writes among the requests that passed a proxy, in order. */
export function ledgerWrites(requests: readonly ProxiedRequest[]): readonly LedgerWrite[] {
  return requests.flatMap((request) => {
    const kind = kinds.get(request.kind);
    if (kind === undefined || request.status !== 200 || request.repliedMs === undefined) return [];
    const lines = ledgerLines(request.body);
    const header = lines[0];
    const claim = lines.findLast((line) => line['type'] === 'claim');
    const { path: ledger, arrivedMs, repliedMs: acceptedMs } = request;
    return [
      {
        ...{ ledger, kind, arrivedMs, acceptedMs },
        token: String(claim?.['token']),
        firstUnit: Number(header?.['firstUnit']),
        units: Number(header?.['units']),
      },
    ];
  });
}

const kinds = new Map([
  ['claim ledger', 'claim'],
  ['flush ledger', 'flush'],
  ['close ledger', 'close'],
] as const satisfies readonly (readonly [string, LedgerWrite['kind']])[]) as ReadonlyMap<string, LedgerWrite['kind']>;
