import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess, type Ending } from './processes/end-process.js';
import { endGraceMs } from './parts/part-plan.js';
import { removeS3Sockets } from './parts/s3-part.js';
import { partTitles } from './state/stack-description.js';
import { wipedNames } from './state/stack-layout.js';
import { takeStackLock } from './state/stack-lock.js';
import { StackRecord } from './state/stack-record.js';
import { partNames, readStackState, type PartName } from './state/stack-state.js';

/** What `stackDown` did: how each recorded part ended, workers first, and whether the stack's data was removed. */
export interface StackDown {
  readonly ended: readonly {
    readonly name: PartName;
    readonly title: string;
    readonly pid: number;
    readonly how: Ending;
  }[];
  readonly wiped: boolean;
}

/**
 * Ends what `stackUp` started and nothing else. Ports, credentials and data are kept for the next `up`, unless `wipe`
 * is set. With `only`, just these parts are ended and nothing is wiped. A state directory without a stack is not an
 * error. Throws `LocalStackError`.
 */
export async function stackDown(options: {
  readonly stateDir: string;
  readonly wipe: boolean;
  readonly only?: readonly PartName[];
  readonly progress?: (line: string) => void;
}): Promise<StackDown> {
  const { stateDir, only } = options;
  if (!existsSync(stateDir)) return { ended: [], wiped: false };
  const release = takeStackLock(stateDir);
  let wiped = false;
  try {
    const ended = await endParts(options);
    wiped = options.wipe && only === undefined;
    if (wiped) for (const name of wipedNames) rmSync(join(stateDir, name), { recursive: true, force: true });
    return { ended, wiped };
  } finally {
    release();
    // What a user put there is kept, and the directory with it.
    if (wiped && readdirSync(stateDir).length === 0) rmdirSync(stateDir);
  }
}

async function endParts({ stateDir, only, progress }: Parameters<typeof stackDown>[0]): Promise<StackDown['ended']> {
  const state = readStackState(stateDir);
  if (state === undefined) return [];
  const record = new StackRecord(stateDir, state);
  const ended = [];
  // Workers first: otherwise they would fill their log with complaints about the servers.
  for (const name of [...partNames].reverse()) {
    const part = state.parts[name];
    if (part === undefined || only?.includes(name) === false) continue;
    progress?.(`ending ${partTitles[name]}`);
    const how = await endProcess(part, endGraceMs[name]);
    record.setPart(name, undefined);
    if (name === 's3') removeS3Sockets(state.ports);
    ended.push({ name, title: partTitles[name], pid: part.pid, how });
  }
  return ended;
}
