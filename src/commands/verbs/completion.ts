import { completionShells, shellScripts } from '../completion/shell-scripts.js';
import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';
import type { Verb } from '../verb.js';

/** `longhaul completion SHELL` */
export const completion: Verb = {
  name: 'completion',
  summary: 'prints a script that lets a shell complete command lines',
  description:
    'Prints a script for bash, zsh or fish. Its first line says where to put it. The program must be on PATH as ' +
    '`longhaul`.',
  operands: [{ name: 'shell', description: 'bash, zsh or fish' }],
  options: [],
  variables: [],
  examples: [
    { line: 'completion bash >> ~/.bashrc', does: 'for every new bash' },
    { line: 'completion fish > ~/.config/fish/completions/longhaul.fish', does: 'for every new fish' },
  ],
  run: async ({ printer, operands }) => {
    const shell = completionShells.find((each) => each === operands[0]);
    if (shell === undefined) {
      throw new CommandError(exitStatus.usage, `There is no completion for ${operands[0] ?? ''}`, {
        next: `name one of ${completionShells.join(', ')}`,
      });
    }
    const script = shellScripts[shell];
    printer.say(script.trimEnd());
    printer.document({ shell, script });
    return exitStatus.done;
  },
};
