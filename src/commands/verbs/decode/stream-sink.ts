import { once } from 'node:events';
import { CommandError } from '../../ending/command-error.js';
import { exitStatus } from '../../ending/exit-status.js';
import type { DecodedSink } from './decoded-sink.js';

/** Standard output, no faster than its reader takes it. */
export class StreamSink implements DecodedSink {
  #failure: Error | undefined;

  constructor(
    readonly stream: NodeJS.WritableStream,
    readonly signal: AbortSignal,
  ) {
    // Without a listener the program would end with a stack when the reader goes away.
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
    // The callback comes behind those of all writes before, and so does their error.
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
    const why = code === 'EPIPE' ? 'its reader has gone before the end, so that there is no verdict' : code;
    throw new CommandError(exitStatus.unexpected, `Writing to standard output failed: ${why}`, {
      next: 'for the verdict alone, add `--json`; to keep the bytes, `-o FILE`',
      cause: this.#failure,
    });
  }
}
