import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Writes a generated text to its file. With `--check` among the arguments, fails instead if the file differs.
 *
 * @param {{ path: string, text: string, command: string }} generated `command` writes the file
 */
export function writeOrCheck({ path, text, command }) {
  const found = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (found === text) return;
  if (!process.argv.includes('--check')) {
    writeFileSync(path, text);
    process.stdout.write(`${path} has been written\n`);
    return;
  }
  process.stdout.write(`${path} is ${found === undefined ? 'missing' : 'out of date'}: run \`${command}\`.\n`);
  process.exitCode = 1;
}
