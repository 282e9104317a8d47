import { exitStatus } from '../ending/exit-status.js';
import { askRoot } from '../migration/ask-root.js';
import { migrationOperand } from '../migration/named-migration.js';
import { shellWord } from '../screen/shell-word.js';
import type { Verb } from '../verb.js';

/** `longhaul pause NAME|FILE` */
export const pause: Verb = {
  name: 'pause',
  summary: 'pauses a migration until `resume`',
  description:
    'Lets the units in flight finish and, after 15 s at the latest, begins no others. With --now, slices save a ' +
    'checkpoint and stop within about half a minute; a unit in flight is moved again after `resume`, a large one ' +
    'from its last part.',
  operands: [migrationOperand],
  options: ['now'],
  variables: ['TEMPORAL_ADDRESS', 'LONGHAUL_PAYLOAD_CODEC'],
  examples: [
    { line: 'pause orders', does: 'let the units in flight finish' },
    { line: 'pause orders --now', does: 'stop as soon as a checkpoint is saved' },
  ],
  run: async ({ context, printer, operands, options }) => {
    const operand = operands[0] ?? '';
    const request = { kind: 'pause', argument: { mode: options.now ? 'now' : 'drain' } } as const;
    const { name, answer } = await askRoot(context, operand, request);
    const resume = `${context.invocation} resume ${shellWord(operand)}`;
    printer.say(`The migration ${name} is ${answer.phase}. Continue it with \`${resume}\`.`);
    printer.document({ name, ...answer });
    return exitStatus.done;
  },
};
