import { join } from 'node:path';
import { execa } from 'execa';

/**
 * Installs the newest Node of a line from npm's registry, where each platform's binary is a package of its own, below a
 * folder. Returns its path.
 */
export async function installNode(folder: string, line: string): Promise<string> {
  const prefix = join(folder, `node-${line}`);
  const platform = `${process.platform}-${process.arch}`;
  const name = platform === 'darwin-arm64' ? `node-bin-${platform}` : `node-${platform}`;
  await execa(
    'npm',
    ['install', '--prefix', prefix, '--no-save', '--ignore-scripts', '--prefer-offline', `${name}@${line}`],
    { cwd: folder },
  );
  return join(prefix, 'node_modules', name, 'bin', 'node');
}
