import { execFileSync } from 'node:child_process';
import {
  chmod,
  type FileHandle,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { decodePlace } from '../../../../src/client/decode-place.js';
import type { DecodePort } from '../../../../src/commands/ports/decode-port.js';
import { Interrupted } from '../../../../src/commands/ending/command-error.js';
import type { CommandContext } from '../../../../src/commands/ports/context.js';
import { runProgram } from '../../../../src/commands/run-program.js';
import { Failure } from '../../../../src/domain/failure.js';
import { moveUnit } from '../../../../src/pipeline/unit/move-unit.js';
import { createProcessResources } from '../../../../src/flow/process-resources.js';
import { writeStream } from '../../../support/corpora/bzip2-writer.js';
import { MemoryMigration, smallDefinition } from '../../../support/fakes/memory-migration.js';
import { exampleFile } from '../../definition/example-file.js';
import { fakeContext, keptOutput } from '../fake-context.js';

// Nothing is read from source accounts here.
const decodeFile: DecodePort = (...request) =>
  decodePlace({ allowInsecureEndpoints: false, trustedHosts: [], credentials: async () => undefined }, ...request);

const text = 'one line\nanother line\n';
const whole = Buffer.concat([writeStream(9, [{ content: Buffer.from(text) }]), writeStream(1, [])]);
const blockCrcOffset = 10;

/** What a migration refuses: the blob, the class, and where the damage is. */
const refused = {
  'no bytes': {
    bytes: Buffer.alloc(0),
    class: 'CorruptInput/EmptyFile',
    place: { stream: null, block: null, offset: 0 },
  },
  'no bzip2': {
    bytes: gzipSync(text),
    class: 'CorruptInput/BadMagic',
    place: { stream: null, block: null, offset: 0 },
  },
  'a blob cut short': {
    bytes: whole.subarray(0, 30),
    class: 'CorruptInput/Truncated',
    place: { stream: 1, block: 1, offset: 30 },
  },
  'a blob without its last byte': {
    bytes: whole.subarray(0, -1),
    class: 'CorruptInput/Truncated',
    place: { stream: 2, block: null, offset: whole.length - 1 },
  },
  'a wrong checksum of a block': {
    bytes: flipped(whole, blockCrcOffset),
    class: 'CorruptInput/BlockCrc',
    place: { stream: 1, block: 1, offset: 4 },
  },
  'a wrong checksum of a stream': {
    bytes: flipped(whole, whole.length - 1),
    class: 'CorruptInput/StreamCrc',
    place: { stream: 2, block: null, offset: whole.length - 10 },
  },
  'bytes after the last stream': {
    bytes: Buffer.concat([whole, Buffer.from('\n')]),
    class: 'CorruptInput/TrailingGarbage',
    place: { stream: 2, block: null, offset: whole.length },
  },
} as const;

describe('decode', () => {
  let root: string;
  let folder: string;
  let path: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'longhaul-decode-'));
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(root, 'test-'));
    path = join(folder, 'blob.bz2');
    await writeFile(path, whole);
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  async function run(args: readonly string[], ports: Partial<CommandContext> = {}) {
    const context = { ...fakeContext({ decode: decodeFile }), ...ports };
    const kept = fakeContext();
    const streams = { out: kept.out, err: kept.err, ...ports };
    const status = await runProgram(['decode', ...args], { ...context, ...streams });
    return { status, out: kept.out.text(), err: kept.err.text() };
  }

  it('writes the bytes to standard output and the verdict to standard error', async () => {
    const { status, out, err } = await run([path]);
    expect({ status, out }).toEqual({ status: 0, out: text });
    expect(err).toBe(
      `${path}: whole bzip2, 2 streams; ${String(whole.length)} bytes decode to ${String(text.length)}\n`,
    );
  });

  it('prints only the verdict with --json, and writes the bytes to -o', async () => {
    const output = join(folder, 'bytes');
    const { status, out } = await run([path, '--json', '-o', output]);
    expect(status).toBe(0);
    const bytes = { source: whole.length, decoded: text.length };
    expect(JSON.parse(out)).toEqual({
      ...{ input: path, verdict: 'whole', format: 'bzip2', streams: 2 },
      ...{ bytes, trailing: null, output },
    });
    expect(await readFile(output, 'utf8')).toBe(text);
    expect(JSON.parse((await run([path, '--json'])).out)).toMatchObject({ verdict: 'whole', bytes, output: null });
  });

  it.each(Object.entries(refused))('refuses %s with status 1, its class and its place', async (_, expected) => {
    await writeFile(path, expected.bytes);
    const { status, err } = await run([path]);
    expect(status).toBe(1);
    expect(err).toContain(`${expected.class}: file://${path} is not whole bzip2`);
    expect(err).toContain(`byte offset ${String(expected.place.offset)})`);
    expect(err.match(/next: /g)).toHaveLength(1);
    const { status: jsonStatus, out } = await run([path, '--json']);
    expect(jsonStatus).toBe(1);
    const document = { input: path, verdict: 'refused', class: expected.class, exitStatus: 1, ...expected.place };
    expect(JSON.parse(out)).toMatchObject(document);
  });

  it.each(Object.entries(refused))('says of %s what the receipt of its unit says', async (_, { bytes }) => {
    await writeFile(path, bytes);
    const document = JSON.parse((await run([path, '--json'])).out) as { class: string; message: string; blob: string };
    const migration = new MemoryMigration({
      units: 1,
      definition: smallDefinition({ transform: { decompress: 'bzip2' } }),
    });
    migration.addBlob(0, 'blob.bz2', bytes);
    const receipt = await moveUnit({
      ...{ unit: migration.unit, resources: migration.resources, process: createProcessResources({}) },
      ...{ askFirst: false, moved: () => {}, buildInfo: 'longhaul', signal: new AbortController().signal },
    });
    expect(receipt.state).toBe('failed');
    expect(document.class).toBe(receipt.class);
    expect(document.message.replace(document.blob, receipt.blob ?? '')).toBe(receipt.message);
  });

  it('reports what the second decoder says about damage', async () => {
    await writeFile(path, refused['a wrong checksum of a block'].bytes);
    expect((await run([path])).err).toContain('unbzip2-stream refuses it too');
  });

  it('follows the transform and the limits of a migration file', async () => {
    const migration = join(folder, 'migration.yaml');
    const withRules = (rules: string) => writeFile(migration, `${exampleFile}\n${rules}\n`);
    await withRules('transform: { decompress: none }');
    expect(await run([path, '--migration', migration])).toMatchObject({
      status: 0,
      err: expect.stringMatching(/taken as they are/),
    });
    await withRules('limits: { blobBytes: 10 }');
    expect(await run([path, '--migration', migration])).toMatchObject({
      status: 1,
      err: expect.stringMatching(/LimitExceeded\/BlobBytes/),
    });
    await withRules('limits: { unitBytes: 10 }');
    expect(await run([path, '--migration', migration])).toMatchObject({
      status: 1,
      err: expect.stringMatching(/LimitExceeded\/UnitBytes/),
    });
    await writeFile(path, refused['bytes after the last stream'].bytes);
    await withRules('transform: { trailingGarbage: ignore }');
    const { status, err } = await run([path, '--migration', migration]);
    expect({ status, err }).toEqual({
      status: 0,
      err: expect.stringContaining(`1 bytes after the last stream are ignored (byte offset ${String(whole.length)})`),
    });
  });

  it('creates no file at -o, and leaves an existing one unchanged, when the blob is refused', async () => {
    await writeFile(path, refused['a wrong checksum of a stream'].bytes);
    const output = join(folder, 'bytes');
    expect(await run([path, '-o', output])).toMatchObject({ status: 1, out: '' });
    expect(await readdir(folder)).toEqual(['blob.bz2']);
    await writeFile(output, 'from before');
    expect((await run([path, '-o', output])).status).toBe(1);
    expect(await readFile(output, 'utf8')).toBe('from before');
    expect(await readdir(folder)).toEqual(['blob.bz2', 'bytes']);
  });

  it('puts the bytes under the name of -o only when they are whole', async () => {
    const output = join(folder, 'bytes');
    const seen: (readonly string[])[] = [];
    await run([path, '-o', output], {
      async *decode(...request) {
        const verdict = yield* decodeFile(...request);
        seen.push(await readdir(folder));
        return verdict;
      },
    });
    expect(seen).toEqual([[expect.stringMatching(/^\.bytes\..*\.partial$/), 'blob.bz2']]);
    expect(await readdir(folder)).toEqual(['blob.bz2', 'bytes']);
  });

  it.each([0o600, 0o644, 0o755])(
    'keeps the mode %o of the file that it replaces, from the first byte on',
    async (mode) => {
      const output = join(folder, 'bytes');
      await writeFile(output, 'old');
      await chmod(output, mode);
      const seen: number[] = [];
      const { status } = await run([path, '-o', output], {
        async *decode(...request) {
          for (const name of await readdir(folder)) {
            if (name.endsWith('.partial')) seen.push((await stat(join(folder, name))).mode & 0o777);
          }
          return yield* decodeFile(...request);
        },
      });
      expect({ status, seen, mode: (await stat(output)).mode & 0o777 }).toEqual({ status: 0, seen: [mode], mode });
    },
  );

  it('leaves nothing behind when it cannot set the mode of the file that it would replace', async () => {
    const output = join(folder, 'bytes');
    await writeFile(output, 'old');
    const file = await open(output);
    await file.close();
    const refusal = Object.assign(new Error('not permitted'), { code: 'EPERM' });
    const chmods = vi.spyOn(Object.getPrototypeOf(file) as FileHandle, 'chmod').mockRejectedValue(refusal);
    onTestFinished(() => chmods.mockRestore());
    expect((await run([path, '-o', output])).status).toBe(2);
    expect(await readFile(output, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['blob.bz2', 'bytes']);
  });

  it('follows a link at -o', async () => {
    await writeFile(join(folder, 'real'), 'from before');
    await symlink('real', join(folder, 'link'));
    expect((await run([path, '-o', join(folder, 'link')])).status).toBe(0);
    expect(await readFile(join(folder, 'real'), 'utf8')).toBe(text);
    expect(await readdir(folder)).toEqual(['blob.bz2', 'link', 'real']);
  });

  it('writes into a pipe at -o, and leaves it there', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [read, { status }] = await Promise.all([readFile(pipe, 'utf8'), run([path, '-o', pipe])]);
    expect({ read, status }).toEqual({ read: text, status: 0 });
    expect((await stat(pipe)).isFIFO()).toBe(true);
    expect(await readdir(folder)).toEqual(['blob.bz2', 'pipe']);
  });

  it.each([
    {
      title: 'a file that is not there',
      args: (of: string) => [join(of, 'absent.bz2')],
      says: /there is no such file/,
    },
    { title: 'a folder', args: (of: string) => [of], says: /it is a directory/ },
    {
      title: 'itself as -o',
      args: (of: string) => [join(of, 'blob.bz2'), '-o', `${of}/./blob.bz2`],
      says: /is the file to be decoded/,
    },
    { title: 'a folder as -o', args: (of: string) => [join(of, 'blob.bz2'), '-o', of], says: /it is a directory/ },
    {
      title: 'an -o in no folder',
      args: (of: string) => [join(of, 'blob.bz2'), '-o', join(of, 'no', 'where')],
      says: /there is no such folder/,
    },
    {
      title: 'a blob without a migration file',
      args: () => ['az://east/events/a.bz2'],
      says: /needs a migration file/,
    },
    { title: 'half an address', args: () => ['az://east/events'], says: /names no blob/ },
    {
      title: 'an unknown account',
      args: (of: string) => ['az://esat/events/a.bz2', '--migration', join(of, 'migration.yaml')],
      says: /no account esat[^]*east/,
    },
  ])('refuses $title with status 2', async ({ args, says }) => {
    await writeFile(join(folder, 'migration.yaml'), exampleFile);
    const { status, out, err } = await run(args(folder));
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(says);
    expect(err).toContain('next: ');
    expect(await readFile(path)).toEqual(whole);
  });

  it('reports that the store cannot be reached, or that it refuses', async () => {
    await writeFile(join(folder, 'migration.yaml'), exampleFile);
    const args = ['az://east/events/a.bz2', '--migration', join(folder, 'migration.yaml')];
    const failing = (failure: Failure): Partial<CommandContext> => ({
      // eslint-disable-next-line require-yield -- it fails before the first byte
      async *decode({ place }) {
        expect(place).toEqual({ kind: 'azure', account: 'east', container: 'events', name: 'a.bz2' });
        throw failure;
      },
    });
    expect((await run(args, failing(new Failure('SourceNetwork', 'no answer')))).status).toBe(6);
    expect((await run(args, failing(new Failure('SourceAuth', 'refused')))).status).toBe(2);
    expect((await run(args, failing(new Failure('SourceMissing', 'gone')))).status).toBe(1);
  });

  it('ends with one line when the reader of standard output goes away', async () => {
    const stream = new PassThrough();
    stream.write = () => {
      stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      return false;
    };
    const { status, err } = await run([path], { out: { ...keptOutput(), stream } });
    expect(status).toBe(1);
    expect(err).toMatch(/^longhaul: Writing to standard output failed: its reader has closed it.*\n {2}next: .*\n$/);
  });

  it('waits for a slow reader, and ends when it is interrupted meanwhile', async () => {
    const controller = new AbortController();
    const stream = new PassThrough({ highWaterMark: 1 });
    const ended = run([path], { out: { ...keptOutput(), stream }, signal: controller.signal });
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (stream.writableNeedDrain) resolve();
        else setImmediate(look);
      };
      look();
    });
    controller.abort(new Interrupted());
    expect((await ended).status).toBe(130);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const controller = new AbortController();
    const { status } = await run([path, '-o', join(folder, 'bytes')], {
      signal: controller.signal,
      async *decode(...request) {
        for await (const piece of decodeFile(...request)) {
          yield piece;
          controller.abort(new Interrupted());
          controller.signal.throwIfAborted();
        }
        throw new Error('not reached');
      },
    });
    expect(status).toBe(130);
    expect(await readdir(folder)).toEqual(['blob.bz2']);
  });

  it('does not try to read a pipe again', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { bytes } = refused['a wrong checksum of a block'];
    const [{ status, err }] = await Promise.all([run([pipe]), writeFile(pipe, bytes)]);
    expect(status).toBe(1);
    expect(err).toContain('CorruptInput/BlockCrc');
    expect(err).not.toContain('unbzip2-stream');
  });
});

function flipped(bytes: Buffer, offset: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[offset] = changed[offset]! ^ 1;
  return changed;
}
