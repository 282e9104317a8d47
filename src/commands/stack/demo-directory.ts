import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoName, isDemoName } from './demo-name.js';

/** What a demo leaves in its directory, so that a later one can clean up. */
export interface DemoRecord {
  readonly name: string;
  readonly units: number;
}

/** The directory of one demo, made for it. */
export interface DemoDirectory {
  readonly name: string;
  readonly path: string;
}

// A demo takes minutes: nobody runs this many.
const demosMax = 10_000;

/**
 * Makes the directory of the next demo below the state directory. Its name is the first that has no directory yet and
 * is not taken elsewhere; two demos at once get two names.
 */
export async function claimDemoDirectory(
  stateDir: string,
  units: number,
  isTaken: (name: string) => Promise<boolean>,
): Promise<DemoDirectory> {
  await mkdir(demosPath(stateDir), { recursive: true });
  for (let number = 1; number <= demosMax; number += 1) {
    const name = demoName(number);
    const path = join(demosPath(stateDir), name);
    if ((await madeDirectory(path)) && !(await isTaken(name))) {
      const record: DemoRecord = { name, units };
      await writeFile(recordPath(path), `${JSON.stringify(record)}\n`);
      return { name, path };
    }
  }
  throw new Error(`Every name of a demo is taken in ${demosPath(stateDir)}; \`demo --fresh\` removes them.`);
}

/** Returns the records that the demos of a state directory have left. */
export async function readDemoRecords(stateDir: string): Promise<readonly DemoRecord[]> {
  const names = (await ifThere(() => readdir(demosPath(stateDir)))) ?? [];
  const records = await Promise.all(
    names.filter(isDemoName).map(async (name) => {
      const text = await ifThere(() => readFile(recordPath(join(demosPath(stateDir), name)), 'utf8'));
      return text === undefined ? undefined : (JSON.parse(text) as DemoRecord);
    }),
  );
  return records.filter((record) => record !== undefined);
}

/**
 * Forgets what the demos have stored, once the stores are gone. The files that they left for the user stay, as do their
 * names.
 */
export async function forgetDemoRecords(stateDir: string): Promise<void> {
  for (const { name } of await readDemoRecords(stateDir)) await rm(recordPath(join(demosPath(stateDir), name)));
}

/** Removes the directories of all demos, but nothing that a user put beside them. */
export async function removeDemoDirectories(stateDir: string): Promise<void> {
  const names = (await ifThere(() => readdir(demosPath(stateDir)))) ?? [];
  for (const name of names.filter(isDemoName)) await rm(join(demosPath(stateDir), name), { recursive: true });
}

/** Returns the directory of a demo. */
export function demoDirectoryPath(stateDir: string, name: string): string {
  return join(demosPath(stateDir), name);
}

const demosPath = (stateDir: string): string => join(stateDir, 'demos');
const recordPath = (path: string): string => join(path, 'demo.json');

async function madeDirectory(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function ifThere<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
