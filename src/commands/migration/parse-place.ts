import { didYouMean } from '../../definition/nearest-name.js';
import { CommandError } from '../ending/command-error.js';
import type { DecodePlace } from '../ports/decode-port.js';
import { exitStatus } from '../ending/exit-status.js';
import type { Definition } from '../../domain/definition.js';

/** A migration file, which says where accounts are. */
export interface PlaceFile {
  readonly path: string;
  readonly definition: Pick<Definition, 'accounts'>;
}

const azureScheme = 'az://';

/**
 * Reads where a blob is: `az://account/container/blob`, or the path of a file. The blob's name is taken literally;
 * nothing in it is decoded. Throws with status 2 if the migration file has no such account.
 */
export function parsePlace(text: string, file: PlaceFile | undefined): DecodePlace {
  if (!text.startsWith(azureScheme)) return { kind: 'file', path: text };
  const [account = '', container = '', ...rest] = text.slice(azureScheme.length).split('/');
  const name = rest.join('/');
  if (account === '' || container === '' || name === '') {
    throw new CommandError(exitStatus.usage, `${text} names no blob`, {
      next: 'write az://account/container/blob, with an account of the migration file',
    });
  }
  if (file === undefined) {
    throw new CommandError(
      exitStatus.usage,
      `Decoding ${text} needs a migration file, which says where the account is`,
      { next: 'name it: `--migration migration.yaml`' },
    );
  }
  const accounts = Object.keys(file.definition.accounts);
  if (!accounts.includes(account)) {
    throw new CommandError(exitStatus.usage, `${file.path} has no account ${account}`, {
      next: `use an account of the file; ${didYouMean(account, accounts)}`,
    });
  }
  return { kind: 'azure', account, container, name };
}
