import { Failure } from '../../domain/failure.js';
import { AnswerTooLarge } from '../request/answer-too-large.js';
import type { AzureAccount } from './azure-account.js';
import { listPage } from './listing/list-page.js';
import { listingFailure } from './listing/listing-failure.js';

// Nobody has it: only a credential that the account accepts is told that there is no such container.
const absentContainer = 'longhaul-probe-0b7c1f5e';

/**
 * Proves with one list request that an account can be reached and accepts the credential. A missing container is
 * fine.
 */
export async function probeAccount(
  opened: AzureAccount,
  options: {
    readonly account: string;
    readonly container: string | undefined;
    readonly signal: AbortSignal;
    readonly timeoutMs: number;
  },
): Promise<void> {
  const { account } = options;
  const container = options.container ?? absentContainer;
  try {
    await listPage(opened, { account, container, prefix: '' }, { ...options, pageBlobs: 1 });
  } catch (error) {
    if (error instanceof AnswerTooLarge)
      throw listingFailure({ doing: `list ${account}/${container}`, account }, error.message, error);
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
