import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';

it('every benchmark can be loaded, and is in the list of them', async () => {
  const names = readdirSync('bench').filter((name) => !['baselines', 'lib'].includes(name));
  const { stdout } = await execa(process.execPath, [resolve('scripts/bench.mjs')]);
  for (const name of names) expect(stdout).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
});
