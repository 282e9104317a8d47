import type { TestProject } from 'vitest/node';
import { startStack } from './start-stack.js';

/** The local stack that all end-to-end tests share; each test has its own names in it. */
export interface SharedStack {
  readonly stateDir: string;
  readonly portBase: number;
  /** What `dev env` prints: where the stack is and how to get in. */
  readonly environment: Readonly<Record<string, string>>;
  readonly s3Endpoint: string;
}

/** What the tests read of `dev status --json`. */
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

/** Brings the shared stack up before the first end-to-end test and down after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { stack, end } = await startStack();
  project.provide('stack', stack);
  return end;
}
