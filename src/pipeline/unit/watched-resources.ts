import { watchedTarget } from '../publish/watched-target.js';
import { watchedSource, type SourceAnswer } from '../source/watched-source.js';
import type { MigrationResources } from './migration-resources.js';

/** What source or target answered, in any stage of a unit. */
export interface Answer {
  /** Kind of the request; it differs for the target and for each account. */
  readonly kind: string;
  /** The account that was asked; absent for the target. */
  readonly account?: string;
  /** Bytes of a blob that have arrived. */
  readonly bytes?: number;
  /** Set if the request failed. */
  readonly error?: unknown;
}

/** Returns resources that report every answer, every failure and every byte of source and target. */
export function watchedResources(resources: MigrationResources, tell: (answer: Answer) => void): MigrationResources {
  const source = watchedSource(resources.source, (answer) => tell(answerOfSource(answer)));
  return { ...resources, source, target: watchedTarget(resources.target, (kind, error) => tell({ kind, error })) };
}

/** Returns an answer of the source in the form of all answers. */
export function answerOfSource({ request, account, ...more }: SourceAnswer): Answer {
  return { kind: `${request} ${account}`, account, ...more };
}
