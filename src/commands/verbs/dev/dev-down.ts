import { forgetDemoRecords } from '../../stack/demo-directory.js';
import { exitStatus } from '../../ending/exit-status.js';
import type { Verb } from '../../verb.js';

/** `longhaul dev down` */
export const devDown: Verb = {
  name: 'dev down',
  summary: 'stops the local stack',
  description:
    'Stops what `dev up` has started, and nothing else. Data, ports and credentials stay for the next `dev up`.',
  operands: [],
  options: ['stateDir', 'wipe'],
  variables: [],
  examples: [
    { line: 'dev down', does: 'stop it; the data stays' },
    { line: 'dev down --wipe', does: 'stop it and delete its data' },
  ],
  run: async ({ context, printer, options }) => {
    const { stateDir = context.stack.defaultStateDir, wipe } = options;
    const progress = (line: string): void => printer.note(line);
    const { ended, wiped } = await context.stack.down({ stateDir, wipe, progress });
    if (wiped) await forgetDemoRecords(stateDir);
    for (const { title, how } of ended) printer.say(`${title}: ${how}`);
    if (ended.length === 0) printer.say(`No local stack with its state in ${stateDir} is running.`);
    if (wiped) printer.say(`The data in ${stateDir} has been deleted.`);
    printer.document({ stateDir, ended, wiped });
    return exitStatus.done;
  },
};
