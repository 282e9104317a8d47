import { readFile, stat } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { defaultPrices } from '../../planning/default-prices.js';
import { pricesSchema, type Prices } from '../../planning/prices.js';
import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';

// The shipped list has less than 2 kB.
const bytesMax = 64 * 1024;

/**
 * Reads a price list, YAML or JSON; without a path, returns the shipped one. Rejects with status 2, naming each error.
 */
export async function readPrices(path: string | undefined): Promise<Prices> {
  if (path === undefined) return defaultPrices;
  const { success, data, error } = pricesSchema.safeParse(parsed(path, await readText(path)));
  if (success) return data;
  throw refused(path, `it is not a price list:\n${z.prettifyError(error)}`, error);
}

async function readText(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > bytesMax) throw refused(path, 'it has more than 64 kB, which no price list has');
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw refused(path, code === 'ENOENT' ? 'there is no such file' : code, error);
  }
}

function parsed(path: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw refused(path, error instanceof Error ? error.message : String(error), error);
  }
}

function refused(path: string, why: string, cause?: unknown): CommandError {
  return new CommandError(exitStatus.usage, `Reading the prices in ${path} failed: ${why}`, {
    next: 'correct the file; docs/plan.md shows a complete one',
    ...(cause === undefined ? {} : { cause }),
  });
}
