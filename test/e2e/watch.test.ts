import { appendFile } from 'node:fs/promises';
import { expect, inject, it } from 'vitest';
import { displayWidth } from '../../src/commands/screen/display-width.js';
import { generateMigration } from '../support/migrations/generated-migration.js';
import { runLonghaul } from '../support/programs/longhaul-program.js';
import { startInTerminal } from '../support/programs/start-in-terminal.js';
import { until } from '../support/until.js';

const stack = inject('stack');

it('a migration is watched on terminals of 60, 80 and 200 columns, one of which changes its size', async () => {
  const migration = await generateMigration(stack, 'terminals', { units: 40, seed: 21, bigUnitRawBytes: 0 });
  // So slow that it is paused before its end.
  await appendFile(migration.migrationPath, '\nspeed:\n  bytesPerSecond: 64KiB\n');
  const run = async (...args: readonly string[]): Promise<void> => {
    const { exitCode, stderr } = await runLonghaul(args, stack.environment);
    expect(exitCode, stderr).toBe(0);
  };
  await run('start', migration.migrationPath);
  await run('pause', migration.name, '--now');

  const [narrow, usual, wide] = [60, 80, 200].map((columns) => {
    const terminal = startInTerminal(['watch', migration.name], stack.environment, { columns });
    return { ...terminal, columns };
  });
  const all = [narrow!, usual!, wide!];
  const isShown = (terminal: (typeof all)[number], phase: string): boolean =>
    terminal.screen().some((line) => line.includes(` ${phase}: `));
  await until('all show that it is paused', () => all.every((terminal) => isShown(terminal, 'paused')));
  for (const { screen, columns } of all) {
    expect(frameOf(screen())[0]).toMatch(/^█*░+ paused: \d+ of 40 units/);
    expectFitting(screen(), columns);
  }

  for (const columns of [60, 200, 40, 80]) {
    const before = usual!.written().length;
    usual!.resize(columns);
    await until('it is drawn anew', () => usual!.written().length > before && !usual!.written().endsWith('\u001b[J'));
    expect(frameOf(usual!.screen())[0]?.match(/^[█░]+/)?.[0]).toHaveLength(Math.min(Math.floor(columns / 4), 30));
    expectFitting(usual!.screen(), columns);
  }

  await run('tune', migration.name, 'bytesPerSecond=unlimited');
  await run('resume', migration.name);
  expect(await Promise.all(all.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  for (const { screen } of all) {
    expect(frameOf(screen())[0]).toMatch(/^█+ completed: 40 of 40 units/);
    expect(screen().join('\n')).toMatch(/\n {2}next: to move what has changed since/);
  }
});

/** The lines of the only frame on a screen. */
function frameOf(screen: readonly string[]): readonly string[] {
  const bars = screen.flatMap((line, index) => (/^[█░]{8,}/.test(line) ? [index] : []));
  expect(bars, screen.join('\n')).toHaveLength(1);
  return screen.slice(bars[0]);
}

function expectFitting(screen: readonly string[], columns: number): void {
  for (const line of frameOf(screen)) expect(displayWidth(line), line).toBeLessThan(columns);
}
