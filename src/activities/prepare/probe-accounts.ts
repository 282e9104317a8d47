import { Failure, toFailure } from '../../domain/failure.js';
import { settled } from '../../flow/settled.js';

/** An account that cannot be used, and why. */
interface AccountProblem {
  readonly account: string;
  readonly failure: Failure;
}

/**
 * Probes all accounts at once: there are only a handful, each on a server of its own. If some cannot be used, fails
 * with one failure that names them all, so that whoever starts the migration can fix them together.
 */
export async function probeAccounts(
  accounts: readonly string[],
  probe: (account: string) => Promise<void>,
): Promise<void> {
  const results = await Promise.all(
    accounts.map(async (account) => ({ account, result: await settled(probe(account)) })),
  );
  const problems = results.flatMap(({ account, result }): readonly AccountProblem[] =>
    'error' in result ? [{ account, failure: toFailure(result.error) }] : [],
  );
  // What an operator must change comes before what may pass: trying again does not help while one of those remains.
  const [first] = problems.toSorted((a, b) => Number(isPassing(a.failure)) - Number(isPassing(b.failure)));
  if (first === undefined) return;
  if (problems.length === 1) throw first.failure;
  const texts = problems.map(({ account, failure }) => `${account}: ${failure.message}`);
  const count = `${String(problems.length)} of ${String(accounts.length)}`;
  const message = `${count} accounts cannot be used:\n${texts.join('\n')}`;
  throw new Failure(first.failure.failureClass, message, { cause: first.failure, what: `account ${first.account}` });
}

function isPassing({ row }: Failure): boolean {
  return row.retry !== 'no' && row.blocks !== true;
}
