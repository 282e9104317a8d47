import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandContext } from '../../../../src/commands/ports/context.js';
import type {
  ExplorationRun,
  ExplorationState,
  TemporalExplorations,
} from '../../../../src/commands/ports/temporal-explorations.js';
import { Interrupted } from '../../../../src/commands/ending/command-error.js';
import { runProgram } from '../../../../src/commands/run-program.js';
import { writeUnitsFile } from '../../../../src/commands/verbs/explore/write-units-file.js';
import type { ExploreRequest } from '../../../../src/explore/explore-request.js';
import { exampleFile } from '../../definition/example-file.js';
import { fakeContext } from '../fake-context.js';
import { fakeTemporal } from '../sample-documents.js';
import { sampleExplorations } from '../sample-explorations.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-explore-'));
});
afterEach(() => rm(folder, { recursive: true }));

function contextOf(explorations: TemporalExplorations, isPolled = true): ReturnType<typeof fakeContext> {
  const temporal = fakeTemporal([], { explorations, isPolled: async () => isPolled });
  const ports: Partial<CommandContext> = { connectTemporal: async () => temporal };
  return fakeContext(ports);
}

/** Explorations that go through these states; keeps what they were started with and whether they were cancelled. */
function scripted(states: readonly ExplorationState<never>[]) {
  const started: ExploreRequest[] = [];
  let [asked, cancelled] = [0, 0];
  const run: ExplorationRun<never> = {
    workflowId: 'explore/prodeast/1',
    look: async () => states[Math.min(asked++, states.length - 1)]!,
    cancel: async () => void (cancelled += 1),
  };
  const explorations: TemporalExplorations = {
    start: async (request) => {
      started.push(request);
      return run;
    },
    startUnits: async () => run,
  };
  return { explorations, started, cancelled: () => cancelled };
}

async function writtenTo(path: string): Promise<void> {
  await vi.waitFor(async () => expect((await readFile(path)).length).toBeGreaterThan(0));
}

const waiting = { state: 'running', progress: null, isBegun: false, waitsFor: null } as const;

describe('explore', () => {
  it('uses the account of that name in the public cloud, with its credential or the identity chain', async () => {
    const { explorations, started } = scripted([{ state: 'cancelled' }]);
    expect(await runProgram(['explore', 'az://prodeast/events/2019/07'], contextOf(explorations))).toBe(8);
    const endpoint = 'https://prodeast.blob.core.windows.net';
    expect(started).toEqual([
      {
        account: { name: 'prodeast', definition: { endpoint, credential: 'prodeast' }, orIdentity: true },
        ...{ container: 'events', prefix: '2019/07', whole: false },
      },
    ]);
  });

  it('uses an account of the migration file', async () => {
    const file = join(folder, 'migration.yaml');
    await writeFile(file, exampleFile);
    const { explorations, started } = scripted([{ state: 'cancelled' }]);
    await runProgram(['explore', 'az://east', '--migration', file, '--whole'], contextOf(explorations));
    expect(started).toMatchObject([{ account: { name: 'east', orIdentity: false }, prefix: '', whole: true }]);
    expect(started[0]?.container).toBeUndefined();
  });

  it.each([
    ['events', 'is not a place in an account'],
    ['az://', 'is not a place in an account'],
    ['az://Prod-East/events', 'Azure has no account Prod-East'],
  ])('refuses %s', async (place, why) => {
    const context = contextOf(scripted([]).explorations);
    expect(await runProgram(['explore', place], context)).toBe(2);
    expect(context.err.text()).toContain(why);
  });

  it('says after 30 s that there is no worker, and leaves nothing behind', async () => {
    const { explorations, cancelled } = scripted([waiting]);
    const context = contextOf(explorations, false);
    const startedMs = context.clock.nowMs;
    expect(await runProgram(['explore', 'az://prodeast'], context)).toBe(6);
    expect(context.clock.nowMs - startedMs).toBe(30_000);
    expect(context.err.text()).toContain('no worker answers on task queue longhaul');
    expect(cancelled()).toBe(1);
  });

  it('says which account refuses the credential', async () => {
    const message = 'list the containers of prodeast: the credential lacks a permission for this';
    const { explorations } = scripted([{ state: 'failed', class: 'SourceForbidden', message }]);
    const context = contextOf(explorations);
    expect(await runProgram(['explore', 'az://prodeast'], context)).toBe(2);
    expect(context.err.text()).toMatch(
      /Exploring az:\/\/prodeast failed: list the containers of prodeast.*\n {2}next: /,
    );
  });

  it('shows how far it is, and what it waits for', async () => {
    const progress = { containers: 2, blobs: 1_200_000, bytes: 12e9, current: 'events' };
    const { explorations } = scripted([
      ...Array.from({ length: 12 }, () => waiting),
      ...Array.from({ length: 12 }, () => ({ ...waiting, isBegun: true, progress })),
      ...Array.from({ length: 12 }, () => ({
        ...waiting,
        isBegun: true,
        waitsFor: 'the account asks for fewer requests',
      })),
      { state: 'cancelled' },
    ]);
    const context = contextOf(explorations);
    await runProgram(['explore', 'az://prodeast'], context);
    expect(context.err.text()).toContain('waiting for a worker of task queue');
    expect(context.err.text()).toContain('listing events: 1,200,000 blobs, 12.0 GB in 2 containers');
    expect(context.err.text()).toContain('waiting, tried again by itself: the account asks for fewer requests');
  });

  it('cancels the exploration on Ctrl-C', async () => {
    const { explorations, cancelled } = scripted([{ ...waiting, isBegun: true }]);
    const context = contextOf(explorations);
    context.controller.abort(new Interrupted());
    expect(await runProgram(['explore', 'az://prodeast'], context)).toBe(130);
    expect(cancelled()).toBe(1);
  });

  it('writes the units of the largest shape, or of another one', async () => {
    const [units, strays] = [join(folder, 'units.csv'), join(folder, 'strays.csv')];
    const context = contextOf(sampleExplorations(true));
    expect(await runProgram(['explore', 'az://prodeast/events', '--units', units], context)).toBe(0);
    const lines = (await readFile(units, 'utf8')).trimEnd().split('\n');
    expect(lines.slice(0, 3)).toEqual(['folder,date', 'eu,2019-02-26', 'eu,2019-02-27']);
    expect(lines).toHaveLength(1 + 14);
    expect(context.out.text()).toContain(`wrote 14 units of shape 1 to ${units}`);
    const args = ['explore', 'az://prodeast/events', '--units', strays, '--shape', '2'];
    expect(await runProgram(args, contextOf(sampleExplorations(true)))).toBe(0);
    expect(await readFile(strays, 'utf8')).toBe('container\nevents\n');
  });

  it('takes a unit to be a month, or any span of days, if asked to', async () => {
    const yamlOf = async (...args: readonly string[]) => {
      const context = contextOf(sampleExplorations(true));
      expect(await runProgram(['explore', 'az://prodeast/events', '--json', ...args], context)).toBe(0);
      return (JSON.parse(context.out.text()) as { shapes: readonly { yaml: string }[] }).shapes[0]?.yaml;
    };
    const prefix = (column: string, format: string): string =>
      `prefix: "{{ folder }}/{{ ${column} | date: '${format}' }}/"`;
    expect(await yamlOf()).toContain(prefix('date', '%Y/%m/%d'));
    expect(await yamlOf('--period', 'month')).toContain(`${prefix('month', '%Y/%m')}\n    match: "*/*/part-*.json.gz"`);
    const span = await yamlOf('--period', 'span');
    expect(span).toContain('columns: folder, first, last');
    expect(span).toContain('date: { from: "{{ first }}", to: "{{ last }}", step: 1d }');
  });

  it('refuses to write units that are spans before anything is listed, because no name shows them', async () => {
    const { explorations, started } = scripted([]);
    const context = contextOf(explorations);
    const args = ['explore', 'az://prodeast', '--period', 'span', '--units', join(folder, 'units.csv')];
    expect(await runProgram(args, context)).toBe(2);
    expect(context.err.text()).toContain('Writing the units failed: names do not show the spans that units cover');
    expect(started).toEqual([]);
  });

  it('leaves a file that exists alone, before anything is listed', async () => {
    const units = join(folder, 'units.csv');
    await writeFile(units, 'mine');
    const { explorations, started } = scripted([]);
    const context = contextOf(explorations);
    expect(await runProgram(['explore', 'az://prodeast', '--units', units], context)).toBe(2);
    expect(context.err.text()).toContain('the file exists already');
    expect(started).toEqual([]);
    expect(await readFile(units, 'utf8')).toBe('mine');
  });

  it('says that there is no folder for the file, before anything is listed', async () => {
    const { explorations, started } = scripted([]);
    const context = contextOf(explorations);
    const units = join(folder, 'none', 'units.csv');
    expect(await runProgram(['explore', 'az://prodeast', '--units', units], context)).toBe(2);
    expect(context.err.text()).toContain(`failed: there is no folder ${join(folder, 'none')}`);
    expect(started).toEqual([]);
  });

  it('leaves no file with only some of the units when the listing ends early', async () => {
    const units = join(folder, 'units.csv');
    const pages = async function* () {
      yield [['eu', '2019-02-26']];
      await writtenTo(units);
      throw new Interrupted();
    };
    await expect(writeUnitsFile(units, ['folder', 'date'], pages())).rejects.toThrow(Interrupted);
    await expect(readFile(units)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses to write the units of a shape that does not exist', async () => {
    const args = ['explore', 'az://prodeast', '--units', join(folder, 'units.csv'), '--shape', '7'];
    const context = contextOf(sampleExplorations(true));
    expect(await runProgram(args, context)).toBe(2);
    expect(context.err.text()).toContain('there is no shape 7');
  });
});

describe('a units file', () => {
  it('has each unit once, and quotes what CSV would read otherwise', async () => {
    const path = join(folder, 'units.csv');
    async function* pages() {
      yield [
        ['a,b', '1'],
        ['say "x"', '2'],
      ];
      yield [
        ['a,b', '1'],
        [' padded', ''],
        ['é', '3'],
      ];
    }
    expect(await writeUnitsFile(path, ['folder', 'n'], pages())).toBe(4);
    expect(await readFile(path, 'utf8')).toBe('folder,n\n"a,b",1\n"say ""x""",2\n" padded",""\né,3\n');
  });
});
