import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Writes a generated text to its file, or with `--check` among the arguments fails when the file has another.
 *
 * @param {{ path: string, text: string, command: string }} generated `command` makes the file anew
 */
export function writeOrCheck({ path, text, command }) {
  const found = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (found === text) return;
  if (!process.argv.includes('--check')) {
    writeFileSync(path, text);
    process.stdout.write(`${path} is written anew\n`);
    return;
  }
  process.stdout.write(`${path} is ${found === undefined ? 'missing' : 'out of date'}: run \`${command}\`.\n`);
  process.exitCode = 1;
}
