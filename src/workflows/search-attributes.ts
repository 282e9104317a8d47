import type { SearchAttributePair } from '@temporalio/common';
import type { Phase } from '../domain/figures/progress.js';
import type { Tally } from '../domain/figures/tally.js';
import { searchAttributeNames } from './messages.js';

// Made by hand, so that the command line need not load the SDK of workflows.
const keyword = (name: string) => ({ name, type: 'KEYWORD' }) as const;
const int = (name: string) => ({ name, type: 'INT' }) as const;

/** Longhaul's search attributes, with their types. */
export const searchAttributeKeys = {
  migration: keyword(searchAttributeNames.migration),
  phase: keyword(searchAttributeNames.phase),
  level: keyword(searchAttributeNames.level),
  total: int(searchAttributeNames.total),
  done: int(searchAttributeNames.done),
  failed: int(searchAttributeNames.failed),
} as const;

/** Returns the attributes that a root or a partition starts with. */
export function initialAttributes(start: {
  readonly name: string;
  readonly level: 'root' | 'partition';
  readonly total: number;
}): SearchAttributePair[] {
  return [
    { key: searchAttributeKeys.migration, value: start.name },
    { key: searchAttributeKeys.level, value: start.level },
    { key: searchAttributeKeys.total, value: start.total },
    ...changingAttributes(start.level === 'root' ? 'preparing' : 'running', undefined),
  ];
}

/** Returns the attributes that change while a root or a partition runs. */
export function changingAttributes(phase: Phase, tally: Tally | undefined): SearchAttributePair[] {
  return [
    { key: searchAttributeKeys.phase, value: phase },
    { key: searchAttributeKeys.done, value: tally?.units.done ?? 0 },
    { key: searchAttributeKeys.failed, value: tally?.units.failed ?? 0 },
  ];
}
