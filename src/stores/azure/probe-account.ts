import { Failure } from '../../domain/failure.js';
import { AnswerTooLarge } from '../request/answer-too-large.js';
import type { AzureAccount } from './azure-account.js';
import { listPage } from './listing/list-page.js';

// Nobody has it: only a credential that the account accepts is told that there is no such container.
const absentContainer = 'longhaul-probe-0b7c1f5e';

/**
 * Proves with one list request that an account can be reached and accepts the credential. A missing container is
 * fine.
 */
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
    if (error instanceof AnswerTooLarge)
      throw new Failure('SourceListing', `list ${options.account}/${container}: ${error.message}`, { cause: error });
    if (!(error instanceof Failure)) throw error;
    if (error.failureClass === 'SourceMissing') return;
    if (options.container === undefined && isLimited(error)) return;
    throw error;
  }
}

// A credential for some containers, or for objects only, may not ask for this one.
function isLimited({ code = '' }: Failure): boolean {
  return /^Authorization(Permission|ResourceType|Service)Mismatch$/.test(code);
}
