import { exitStatus } from '../ending/exit-status.js';
import { migrationOperand } from '../migration/migration-argument.js';
import { operate } from '../migration/ask-root.js';
import type { Verb } from '../verb.js';

/** `longhaul pause NAME|FILE` */
export const pause: Verb = {
  name: 'pause',
  summary: 'pauses a migration until `resume`',
  description:
    'Lets the units in flight end and begins no other: none begins later than 15 s after. With --now, slices checkpoint and hand ' +
    'back within about half a minute; a unit in flight begins again after `resume`, a large one at its last part.',
  operands: [migrationOperand],
  options: ['now'],
  variables: ['TEMPORAL_ADDRESS'],
  examples: [
    { line: 'pause orders', does: 'let the units in flight end' },
    { line: 'pause orders --now', does: 'stop as soon as what is done is noted' },
  ],
  run: async ({ context, printer, operands, options }) => {
    const request = { kind: 'pause', argument: { mode: options.now ? 'now' : 'drain' } } as const;
    const { name, answer } = await operate(context, operands[0] ?? '', request);
    printer.say(
      `The migration ${name} is ${answer.phase}. Go on with \`${context.invocation} resume ${operands[0] ?? ''}\`.`,
    );
    printer.document({ name, ...answer });
    return exitStatus.done;
  },
};
