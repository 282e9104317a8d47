import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { screenOf } from './screen-of.js';

const runInPty = fileURLToPath(new URL('run-in-pty.py', import.meta.url));
const program = fileURLToPath(new URL('../../../dist/client.js', import.meta.url));

/** The built program on a terminal of its own. */
export interface TerminalRun {
  /** What the terminal shows now, as lines; those that have scrolled away are the first. */
  readonly screen: () => readonly string[];
  /** Everything that the program has written so far. */
  readonly written: () => string;
  readonly resize: (columns: number, rows?: number) => void;
  /** Resolves to the exit status. */
  readonly ended: Promise<number>;
  /** Ends it as Ctrl-C does. */
  readonly interrupt: () => void;
}

/** Starts the built program on a terminal, for which it needs Python 3. */
export function startInTerminal(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  { columns, rows = 40 }: { readonly columns: number; readonly rows?: number },
): TerminalRun {
  const size = ['--size', String(columns), String(rows)];
  const run = execa('python3', [runInPty, ...size, process.execPath, program, ...args], {
    env: { ...environment, TERM: 'xterm', NO_COLOR: '1' },
    stdin: 'pipe',
    reject: false,
    buffer: false,
  });
  let written = '';
  const widths = [{ from: 0, columns }];
  run.stdout.on('data', (bytes: Buffer) => {
    // A terminal turns each line break into two characters.
    written += bytes.toString().replaceAll('\r\n', '\n');
  });
  return {
    screen: () => screenOf(written, widths),
    written: () => written,
    resize: (to, height = rows) => {
      widths.push({ from: written.length, columns: to });
      run.stdin.write(`${String(to)} ${String(height)}\n`);
    },
    ended: run.then(({ exitCode }) => exitCode ?? -1),
    interrupt: () => void run.kill('SIGINT'),
  };
}
