import type { TestProject } from 'vitest/node';
import { startStack } from './start-stack.js';

/** The local stack that all end-to-end tests share. Each test uses its own names in it. */
export interface SharedStack {
  readonly stateDir: string;
  readonly portBase: number;
  /** What `dev env` prints: addresses and credentials. */
  readonly environment: Readonly<Record<string, string>>;
  readonly s3Endpoint: string;
}

/** The part of `dev status --json` that tests read. */
export interface StackStatusDocument {
  readonly parts: readonly {
    readonly name: string;
    readonly pid: number | null;
    readonly address: string | null;
    readonly alive: boolean;
  }[];
}

declare module 'vitest' {
  interface ProvidedContext {
    stack: SharedStack;
  }
}

/** Starts the shared stack before the first end-to-end test and stops it after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { stack, end } = await startStack();
  project.provide('stack', stack);
  return end;
}
