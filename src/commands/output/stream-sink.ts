import { once } from 'node:events';
import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';
import type { ByteSink } from './byte-sink.js';

/** Standard output, written no faster than its reader reads. */
export class StreamSink implements ByteSink {
  #failure: Error | undefined;

  constructor(
    readonly stream: NodeJS.WritableStream,
    readonly signal: AbortSignal,
  ) {
    // Without a listener, the program would crash when its reader goes away.
    stream.on('error', (error: Error) => {
      this.#failure ??= error;
    });
  }

  async write(piece: Uint8Array): Promise<void> {
    this.#check();
    if (!this.stream.write(piece)) await this.#drained();
  }

  async finish(): Promise<void> {
    this.#check();
    // The callbacks of all earlier writes, and so their errors, come before this one.
    await new Promise<void>((resolve) => {
      this.stream.write(Buffer.alloc(0), () => {
        resolve();
      });
    });
    this.#check();
  }

  async abandon(): Promise<void> {}

  async #drained(): Promise<void> {
    this.#check();
    try {
      await once(this.stream, 'drain', { signal: this.signal });
    } catch (error) {
      this.signal.throwIfAborted();
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
    }
    this.#check();
  }

  #check(): void {
    if (this.#failure === undefined) return;
    const { code = this.#failure.message } = this.#failure as NodeJS.ErrnoException;
    const why = code === 'EPIPE' ? 'its reader has closed it before the end' : code;
    throw new CommandError(exitStatus.unexpected, `Writing to standard output failed: ${why}`, {
      next: 'write to a file instead: `-o FILE`; or add `--json` for the document alone',
      cause: this.#failure,
    });
  }
}
