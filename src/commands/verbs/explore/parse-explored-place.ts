import { didYouMean } from '../../../definition/nearest-name.js';
import type { ExploreRequest } from '../../../explore/explore-request.js';
import { CommandError } from '../../ending/command-error.js';
import { exitStatus } from '../../ending/exit-status.js';
import type { MigrationFile } from '../../migration/read-migration-file.js';

const azureScheme = 'az://';

/**
 * Reads what to look through: `az://account[/container[/prefix]]`. Throws with status 2 if it is something else, or the
 * migration file has no such account.
 */
export function parseExploredPlace(text: string, file: MigrationFile | undefined): Omit<ExploreRequest, 'whole'> {
  const [account = '', container = '', ...rest] = text.startsWith(azureScheme)
    ? text.slice(azureScheme.length).split('/')
    : [];
  if (account === '' || (container === '' && rest.length > 0)) {
    throw new CommandError(exitStatus.usage, `${text} is not a place in an account`, {
      next: 'write az://account, az://account/container or az://account/container/prefix',
    });
  }
  return {
    account: accountOf(account, file),
    ...(container !== '' && { container }),
    prefix: rest.join('/'),
  };
}

function accountOf(name: string, file: MigrationFile | undefined): ExploreRequest['account'] {
  if (file === undefined) {
    if (/^[a-z0-9]{3,24}$/.test(name)) {
      const endpoint = `https://${name}.blob.core.windows.net`;
      return { name, definition: { endpoint, credential: name }, orIdentity: true };
    }
    throw new CommandError(exitStatus.usage, `Azure has no account ${name}: a name has 3 to 24 letters and digits`, {
      next: 'name the migration file that says where the account is: `--migration migration.yaml`',
    });
  }
  const { accounts } = file.definition;
  const definition = accounts[name];
  if (definition !== undefined) return { name, definition, orIdentity: false };
  throw new CommandError(exitStatus.usage, `${file.path} has no account ${name}`, {
    next: `use an account of the file; ${didYouMean(name, Object.keys(accounts))}`,
  });
}
