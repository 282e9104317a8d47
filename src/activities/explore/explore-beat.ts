import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { Exploration, type ExploreProgress, type StoredExploration } from '../../explore/exploration.js';

/** The heartbeat of `exploreAccount`: figures for people, and the state from which the next attempt continues. */
export interface ExploreBeat {
  readonly v: 1;
  readonly progress: ExploreProgress;
  /** A {@link StoredExploration} as JSON, compressed, base64. */
  readonly state: string;
}

/** Makes the beat for an exploration. */
export async function exploreBeat(exploration: Exploration): Promise<ExploreBeat> {
  // The state is copied before the first wait, so that no page is half added.
  const json = JSON.stringify(exploration.store());
  const { progress } = exploration;
  return { v: 1, progress, state: (await promisify(gzip)(json)).toString('base64') };
}

/** Returns the exploration of an earlier attempt, or a new one if there was none. */
export async function explorationOf(details: unknown): Promise<Exploration> {
  if (typeof details !== 'object' || details === null || !('state' in details)) return Exploration.from(undefined);
  const json = await promisify(gunzip)(Buffer.from(String(details.state), 'base64'));
  return Exploration.from(JSON.parse(json.toString()) as StoredExploration);
}
