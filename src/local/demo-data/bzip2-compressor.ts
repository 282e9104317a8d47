import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const stderrCharactersMax = 4000;

/** Compresses in other processes. Replies may arrive in another order than requests. */
export interface Bzip2Compressor {
  /** Compresses each text to a bzip2 stream of its own and returns the streams joined. The caller bounds open calls. */
  compress(streams: readonly Uint8Array[]): Promise<Buffer>;
  /** Ends the processes; open calls reject. */
  close(): void;
}

/** Starts `processes` Python programs that compress with the standard library's `bz2`. */
export function startBzip2Compressor({ python, processes }: { python: string; processes: number }): Bzip2Compressor {
  const programs = Array.from({ length: processes }, () => startProgram(python));
  return {
    compress: (streams) =>
      programs.reduce((least, program) => (program.open() < least.open() ? program : least)).compress(streams),
    close: () => {
      for (const program of programs) program.close();
    },
  };
}

interface Program extends Bzip2Compressor {
  open(): number;
}

interface Waiting {
  readonly resolve: (reply: Buffer) => void;
  readonly reject: (error: Error) => void;
}

function startProgram(python: string): Program {
  const child = spawn(python, [fileURLToPath(new URL('./compress.py', import.meta.url))], { windowsHide: true });
  // One entry per open call, which the caller bounds.
  const waiting: Waiting[] = [];
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const call of waiting.splice(0)) call.reject(failure);
  };
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-stderrCharactersMax);
  });
  child.on('error', (cause) => {
    fail(cannotStart(python, cause));
  });
  child.on('close', (status, signalName) => {
    fail(ended(python, status === null ? String(signalName) : `status ${String(status)}`, stderr));
  });
  // A write to a program that has ended. `close` says why, with what it wrote to standard error.
  child.stdin.on('error', () => undefined);
  readReplies(child, (reply) => waiting.shift()?.resolve(reply));

  return {
    open: () => waiting.length,
    compress: (streams) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) {
          reject(failure);
          return;
        }
        waiting.push({ resolve, reject });
        child.stdin.cork();
        child.stdin.write(uint32(streams.length));
        for (const stream of streams) {
          child.stdin.write(uint32(stream.length));
          child.stdin.write(stream);
        }
        child.stdin.uncork();
      }),
    close: () => {
      fail(new Error('The compression of the demo data was ended.'));
      child.kill();
    },
  };
}

function readReplies(child: ChildProcessWithoutNullStreams, reply: (bytes: Buffer) => void): void {
  let parts: Buffer[] = [];
  let size = 0;
  let wanted = 4;
  let isHead = true;
  child.stdout.on('data', (part: Buffer) => {
    parts.push(part);
    size += part.length;
    if (size < wanted) return;
    let rest = Buffer.concat(parts, size);
    while (rest.length >= wanted) {
      const taken = rest.subarray(0, wanted);
      rest = rest.subarray(wanted);
      if (!isHead) reply(taken);
      wanted = isHead ? taken.readUInt32BE() : 4;
      isHead = !isHead;
    }
    parts = [rest];
    size = rest.length;
  });
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function cannotStart(python: string, cause: Error): Error {
  return new Error(
    `Cannot compress the demo data: the program "${python}" did not start (${cause.message}). ` +
      `Install Python 3 so that \`${python} --version\` works in this shell, then run the command again.`,
    { cause },
  );
}

function ended(python: string, how: string, stderr: string): Error {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return new Error(
    `Cannot compress the demo data: "${python}" ended with ${how}${last === '' ? '' : ` (${last})`}. ` +
      `It must be Python 3 with its \`bz2\` module; \`${python} -c "import bz2"\` shows whether it is there.`,
  );
}
