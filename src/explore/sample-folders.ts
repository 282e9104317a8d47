import { tryAgain } from '../flow/try-again.js';
import type { BlobPlace, PageStart } from '../pipeline/source/blob-source.js';
import type { ExploredSource } from './explored-source.js';
import { foldersDepthMax, foldersMax } from './walk-limits.js';

/**
 * Chooses folders across a whole container: level by level until there are enough, then evenly spaced, the first and
 * the last among them. Without folders there are none to choose.
 */
export async function sampleFolders(
  source: Pick<ExploredSource, 'listFolders'>,
  place: BlobPlace,
  wanted: number,
  signal: AbortSignal,
): Promise<{ readonly folders: readonly string[]; readonly ofFolders: number }> {
  let level = await foldersBelow(source, place, signal);
  for (let depth = 1; depth < foldersDepthMax && level.length > 0 && level.length < wanted; depth += 1) {
    const below: string[] = [];
    for (const prefix of level) below.push(...(await foldersBelow(source, { ...place, prefix }, signal)));
    if (below.length === 0) break;
    level = below;
  }
  return { folders: evenly(level, wanted), ofFolders: level.length };
}

async function foldersBelow(
  source: Pick<ExploredSource, 'listFolders'>,
  place: BlobPlace,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const folders: string[] = [];
  let from: PageStart | undefined = {};
  while (from !== undefined && folders.length < foldersMax) {
    const start: PageStart = from;
    const page = await tryAgain(() => source.listFolders(place, start, signal), signal);
    folders.push(...page.names);
    from = page.next;
  }
  return folders;
}

function evenly(folders: readonly string[], wanted: number): readonly string[] {
  if (folders.length <= wanted) return folders;
  return Array.from({ length: wanted }, (_, index) => {
    const at = Math.round((index * (folders.length - 1)) / (wanted - 1));
    return folders[at] ?? '';
  });
}
