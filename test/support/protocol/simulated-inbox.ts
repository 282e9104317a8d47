import { chance, upTo } from '../random-numbers.js';
import type { Agenda } from './agenda.js';

/**
 * The events of a workflow on their way to it. What has arrived is processed together, in a workflow task, some time
 * later; the order in which it has arrived means nothing.
 */
export class Inbox<Event> {
  #arrived: Event[] = [];
  #closed = false;
  #isPlanned = false;
  /** Workflow tasks so far. */
  tasks = 0;

  constructor(
    readonly agenda: Agenda,
    readonly process: (event: Event) => void,
  ) {}

  add(event: Event): void {
    if (this.#closed) return;
    this.#arrived.push(event);
    if (!this.#isPlanned) this.#plan();
  }

  /** Gives up what has arrived and takes nothing more. */
  close(): readonly Event[] {
    this.#closed = true;
    return this.#arrived.splice(0);
  }

  #plan(): void {
    this.#isPlanned = true;
    // Now and then there is no worker for a while.
    const slowMs = chance(this.agenda.random, 0.02) ? 60_000 : 500;
    this.agenda.after(5, slowMs, () => this.#run());
  }

  #run(): void {
    if (this.#closed) return;
    this.tasks += 1;
    // Closing it on the way leaves nothing to process.
    for (let left = this.#arrived.length; left > 0; left -= 1) {
      const [event] = this.#arrived.splice(upTo(this.agenda.random, left), 1);
      if (event !== undefined) this.process(event);
    }
    this.#isPlanned = false;
    // What has arrived meanwhile is for the next task.
    if (this.#arrived.length > 0) this.#plan();
  }
}
