import { formatEnvironment } from '../../../local/format-environment.js';
import { exitStatus } from '../../ending/exit-status.js';
import type { Verb } from '../../verb.js';

/** `longhaul dev fetch` */
export const devFetch: Verb = {
  name: 'dev fetch',
  summary: 'fetches the programs of the local stack',
  description:
    'Fetches the programs of the local stack for this kind of machine, unless they are there already. For a machine ' +
    'without network: fetch them into a folder on a machine that has one, copy the folder, and set the three ' +
    'variables that are printed to the programs in it before `dev up`.',
  operands: [],
  options: ['to'],
  variables: ['LONGHAUL_TEMPORAL_CLI', 'LONGHAUL_AZURITE', 'LONGHAUL_WEED'],
  examples: [
    { line: 'dev fetch --to ./programs', does: 'fetch them into a folder, to copy it elsewhere' },
    { line: 'dev fetch', does: 'fetch them into the cache, so that the next `dev up` needs no network' },
  ],
  run: async ({ context, printer, options }) => {
    const progress = (line: string): void => printer.note(line);
    const programs = await context.stack.fetch({ dir: options.to, progress }, context.signal);
    printer.say(`Temporal CLI  ${programs.temporal}`);
    printer.say(`Azurite       ${programs.azurite}`);
    printer.say(`SeaweedFS     ${programs.weed}`);
    const variables = {
      LONGHAUL_TEMPORAL_CLI: programs.temporal,
      LONGHAUL_AZURITE: programs.azurite,
      LONGHAUL_WEED: programs.weed,
    };
    if (options.to !== undefined) {
      printer.say('To use them, paste these lines into your shell (with other paths where you have copied them to):');
      printer.say(formatEnvironment(variables, 'posix').trimEnd());
    }
    printer.document({ ...programs, variables });
    return exitStatus.done;
  },
};
