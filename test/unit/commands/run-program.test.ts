import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { optionTable } from '../../../src/commands/option-table.js';
import { runProgram } from '../../../src/commands/run-program.js';
import { loadVerbs } from '../../../src/commands/verbs.js';
import { fakeContext } from './fake-context.js';
import { completedRoot, fakeTemporal, runningDocument, runningRoot } from './sample-documents.js';

const verbs = await loadVerbs();
async function run(...args: string[]) {
  const context = fakeContext({ connectTemporal: async () => fakeTemporal([runningRoot]) });
  const status = await runProgram(args, context);
  return { status, out: context.out.text(), err: context.err.text() };
}

describe('the program', () => {
  it('runs no verb with a default in place of a variable that cannot be used, if the verb heeds it', async () => {
    const context = fakeContext({ connectTemporal: async () => fakeTemporal([runningRoot]) });
    const message = 'LONGHAUL_WEB_UI is "temporal"; write it as https://temporal.example';
    const problems = [{ variable: 'LONGHAUL_WEB_UI', message }];
    const spoilt = { ...context, environment: { ...context.environment, problems } };
    expect(await runProgram(['status', 'orders'], spoilt)).toBe(2);
    expect(context.err.text()).toContain(`${message}\n  next: correct it in the environment, or unset it`);
    expect(await runProgram(['pause', '--help'], spoilt)).toBe(0);
    expect(await runProgram(['completion', 'bash'], spoilt)).toBe(0);
  });

  it('prints its version', async () => {
    expect(await run('--version')).toEqual({ status: 0, out: '1.2.3\n', err: '' });
    expect(await run('-V')).toEqual({ status: 0, out: '1.2.3\n', err: '' });
  });

  it.each([
    [['-h'], ['--help']],
    [['help'], ['--help']],
    [
      ['help', 'status'],
      ['status', '--help'],
    ],
    [
      ['status', '-h'],
      ['status', '--help'],
    ],
    [
      ['help', 'dev', 'up'],
      ['dev', 'up', '--help'],
    ],
  ])('reads %j as %j', async (short, long) => {
    const { status, out } = await run(...long);
    expect(status).toBe(0);
    expect(await run(...short)).toEqual({ status: 0, out, err: '' });
  });

  it.each([
    [['stauts', 'orders', '--json'], /unknown command stauts; did you mean status\?/],
    [['status', '--json'], /missing required argument/],
    [['demo', '--units', '0', '--json'], /whole number/],
  ])('reports wrong usage as a document too: %j', async (args, says) => {
    const { status, out, err } = await run(...args);
    expect(status).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ error: { message: expect.stringMatching(says) as string, exitStatus: 2 } });
    expect(err).toMatch(says);
  });

  it('writes only warnings and errors to standard error with --json', async () => {
    const context = fakeContext({ connectTemporal: async () => fakeTemporal([runningRoot, completedRoot]) });
    expect(await runProgram(['watch', 'orders', '--json'], context)).toBe(0);
    expect(context.err.text()).toBe('');
  });

  it.each(verbs.map((verb) => [verb.name, verb] as const))(
    'explains %s with its options, their defaults and examples, in lines that fit a terminal',
    async (_, verb) => {
      const { status, out } = await run(...verb.name.split(' '), '--help');
      expect(status).toBe(0);
      const words = out.replaceAll(/\s+/g, ' ');
      for (const { line, does } of verb.examples) expect(words).toContain(`longhaul ${line} ${does}`);
      for (const name of [...verb.options, 'json', 'debug'] as const) {
        const { flags, fallbackText } = optionTable[name];
        expect(words).toContain(flags);
        if (fallbackText !== undefined) expect(words).toContain(`default: ${fallbackText})`);
      }
      for (const name of verb.variables) expect(out).toContain(name);
      // What cannot be broken may be longer: a name of a variable, or an example.
      const long = out.split('\n').filter((line) => line.length > 80);
      expect(long.filter((line) => !/^ {2}longhaul \S/.test(line))).toEqual([]);
    },
  );

  it('lists every verb', async () => {
    const { status, out } = await run('--help');
    expect(status).toBe(0);
    for (const { name } of verbs) expect(out).toContain(name.split(' ')[0]);
  });

  it.each([
    [['stauts', 'orders'], /^longhaul: unknown command stauts; did you mean status\?\nTry/],
    [['status', 'orders', '--jsno'], /^longhaul: unknown option --jsno; did you mean --json\?\nTry/],
    [['dev', 'pu'], /^longhaul: unknown command pu; did you mean up\?\nTry/],
    [['status'], /missing required argument/],
    [['status', 'a', 'b'], /too many arguments/],
    [['demo', '--units', '0'], /whole number from 1 to 1,000,000/],
    [['demo', '--units', '3x'], /whole number from 1 to 1,000,000/],
    [['dev', 'up', '--port-base', '80'], /port from 1024 to 65000/],
    [['dev', 'env', '--shell', 'fish'], /posix, powershell/],
    [[], /Usage: longhaul/],
  ])('refuses %j with status 2 and what would be right', async (args, says) => {
    const { status, out, err } = await run(...args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(says);
  });

  it('prints one document with --json and nothing else to standard output', async () => {
    const { status, out } = await run('status', 'orders', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual(runningDocument);
  });

  it('prints text without --json', async () => {
    expect((await run('status', 'orders')).out).toMatch(/^orders {2}running for 1 min 00 s\n/);
  });

  it('reports an error on standard error, with --json as a document too, and a stack only with --debug', async () => {
    const context = () => fakeContext({ connectTemporal: async () => fakeTemporal([undefined]) });
    const quiet = context();
    expect(await runProgram(['status', 'nobody'], quiet)).toBe(5);
    expect(quiet.out.text()).toBe('');
    expect(quiet.err.text()).toMatch(
      /^longhaul: Temporal at 127.0.0.1:7233, .* does not know a migration named nobody\n {2}next: .*FILE/,
    );
    expect(quiet.err.text()).not.toMatch(/^\s+at /m);

    const asDocument = context();
    expect(await runProgram(['status', 'nobody', '--json', '--debug'], asDocument)).toBe(5);
    expect(JSON.parse(asDocument.out.text())).toMatchObject({ error: { exitStatus: 5 } });
    expect(asDocument.err.text()).toMatch(/^\s+at /m);
  });

  it('shows no secret that the process knows in an error, its causes or the document', async () => {
    const context = fakeContext({
      connectTemporal: () =>
        Promise.reject(new Error('cannot use canary-secret', { cause: new Error('the server: canary-secret') })),
    });
    expect(await runProgram(['status', 'orders', '--json', '--debug'], context)).not.toBe(0);
    for (const text of [context.out.text(), context.err.text()]) {
      expect(text).toContain('cannot use [redacted]');
      expect(text).not.toContain('canary-secret');
    }
    expect(context.err.text()).toContain('the server: [redacted]');
  });

  it('says what to pass instead of a file that does not exist', async () => {
    const { status, err } = await run('status', './nowhere.yaml');
    expect(status).toBe(2);
    expect(err).toContain('Reading the migration file ./nowhere.yaml failed: there is no such file');
  });

  it.runIf(existsSync('/dev/zero'))('refuses an endless file before it is held in memory', async () => {
    const { status, err } = await run('status', '/dev/zero');
    expect(status).toBe(2);
    expect(err).toContain('Reading the migration file /dev/zero failed: it has more than 1 MB');
  });
});

describe('a name that others have chosen', () => {
  const hostile = '\u001b]0;owned\u0007\u202eexe.\u009b2J';

  it('reaches the terminal with its control, escape and bidirectional characters visible', async () => {
    const { status, err } = await run('status', `./${hostile}.yaml`);
    expect(status).toBe(2);
    expect(err).toContain(String.raw`./\u001b]0;owned\u0007\u202eexe.\u009b2J.yaml`);
    expect((await run(hostile)).err).toContain(String.raw`\u001b]0;owned`);
  });

  it('keeps its meaning in a document, which has none of these characters', async () => {
    const { out } = await run('status', `./${hostile}.yaml`, '--json');
    // eslint-disable-next-line no-control-regex -- these are what is looked for
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(JSON.parse(out)).toMatchObject({ error: { message: expect.stringContaining(hostile) as string } });
  });
});
