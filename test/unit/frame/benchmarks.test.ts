import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { readOptions, type BenchmarkOption } from '../../../bench/lib/read-options.mjs';

const script = resolve('scripts/bench.mjs');
const names = readdirSync('bench').filter((name) => existsSync(resolve('bench', name, 'main.mjs')));

it('every benchmark can be loaded, and is in the list of them', async () => {
  const folders = readdirSync('bench').filter((name) => !['baselines', 'lib'].includes(name));
  const { stdout } = await execa(process.execPath, [script]);
  for (const name of folders) expect(stdout).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
});

describe.each(names)('the benchmark %s', async (name) => {
  const { options } = (await import(pathToFileURL(resolve('bench', name, 'main.mjs')).href)) as {
    readonly options: Readonly<Record<string, BenchmarkOption>>;
  };
  const numbers = Object.entries(options).filter(([, { least }]) => least !== undefined);
  const choices = Object.entries(options).filter(([, { among }]) => among !== undefined);

  it('takes its own defaults', () => {
    const given = Object.entries(options).flatMap(([option, { type, default: value }]) =>
      type === 'string' && value !== undefined ? [`--${option}`, String(value)] : [],
    );
    expect(readOptions(given, options)).not.toHaveProperty('problem');
  });

  it('refuses an unknown option, a number that is not one and an unknown word', () => {
    expect(readOptions(['--no-such-option'], options).problem).toContain('--no-such-option');
    for (const [option, { least = 0 }] of numbers) {
      for (const value of ['x', '1.5', '', ...(least > 0 ? ['0'] : [])])
        expect(readOptions([`--${option}=${value}`], options).problem).toContain(`not "${value}"`);
    }
    for (const [option] of choices)
      expect(readOptions([`--${option}`, 'x'], options).problem).toContain(`--${option} takes one of`);
  });
});

it('an option that is wrong stops a benchmark before it begins, with its help', async () => {
  const { exitCode, stderr, stdout } = await execa(process.execPath, [script, 'quick', '--units', 'few'], {
    reject: false,
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--units takes a whole number of at least 1, not "few".\n\nnpm run bench -- quick: ');
  expect(stdout).toBe('');
});
