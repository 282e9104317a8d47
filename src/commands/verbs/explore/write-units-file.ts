import { createWriteStream } from 'node:fs';
import { access, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CommandError } from '../../ending/command-error.js';
import { exitStatus } from '../../ending/exit-status.js';

// A line takes about 100 bytes of memory.
const unitsMax = 2_000_000;

/** Rejects with status 2 if a file with this name exists or cannot be created, so that nothing is listed in vain. */
export async function requireNewFile(path: string): Promise<void> {
  if (!path.endsWith('.csv')) {
    const next = 'give a name that ends with .csv';
    throw new CommandError(exitStatus.usage, `Writing the units to ${path} failed: it is not a .csv file`, { next });
  }
  try {
    await access(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await requireFolder(path);
    return;
  }
  throw exists(path);
}

async function requireFolder(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await access(folder);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const next = 'make the folder first, or give another name';
    throw new CommandError(exitStatus.usage, `Writing the units to ${path} failed: there is no folder ${folder}`, {
      next,
    });
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/**
 * Writes units as CSV with a header, each once, and returns their number. Rejects with status 2 if the file exists or
 * there are more than two million. Leaves no file with only some of the units.
 */
export async function writeUnitsFile(
  path: string,
  columns: readonly string[],
  units: AsyncIterable<readonly (readonly string[])[]>,
): Promise<number> {
  const seen = new Set<string>();
  async function* lines(): AsyncGenerator<string> {
    yield csvLine(columns);
    for await (const page of units) {
      const fresh = page.map(csvLine).filter((line) => !seen.has(line));
      for (const line of fresh) seen.add(line);
      if (seen.size > unitsMax) throw tooMany(path);
      yield fresh.join('');
    }
  }
  try {
    await pipeline(lines, createWriteStream(path, { flags: 'wx' }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(path);
    await rm(path, { force: true });
    throw error;
  }
  return seen.size;
}

const csvLine = (values: readonly string[]): string => `${values.map(csvValue).join(',')}\n`;

const csvValue = (value: string): string =>
  /^$|[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

function exists(path: string): CommandError {
  return new CommandError(exitStatus.usage, `Writing the units to ${path} failed: the file exists already`, {
    next: 'give another name, or move the file away',
  });
}

function tooMany(path: string): CommandError {
  const why = `there are more than ${unitsMax.toLocaleString('en-US')} units`;
  return new CommandError(exitStatus.usage, `Writing the units to ${path} stopped: ${why}`, {
    next: 'explore one prefix after the other, or write the units file with a script: --json has the columns',
  });
}
