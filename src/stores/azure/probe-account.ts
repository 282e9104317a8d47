import { Failure } from '../../domain/failure.js';
import type { AzureAccount } from './azure-account.js';
import { listPage } from './list-blobs.js';

// Nobody has it; the answer "no such container" comes only to a credential that the account knows.
const absentContainer = 'longhaul-probe-0b7c1f5e';

/** Proves with one list request that an account is reachable and knows the credential. A missing container is fine. */
export async function probeAccount(
  account: AzureAccount,
  options: {
    readonly account: string;
    readonly container: string | undefined;
    readonly signal: AbortSignal;
    readonly timeoutMs: number;
  },
): Promise<void> {
  const container = options.container ?? absentContainer;
  try {
    await listPage(account, { account: options.account, container, prefix: '' }, { ...options, pageBlobs: 1 });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.failureClass === 'SourceMissing') return;
    if (options.container === undefined && isLimited(error)) return;
    throw error;
  }
}

// A credential for some containers or for objects only may not ask for this one.
function isLimited(failure: Failure): boolean {
  return /\bAuthorization(Permission|ResourceType|Service)Mismatch\b/.test(failure.message);
}
