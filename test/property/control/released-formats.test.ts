import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryControlStore } from '../../support/fakes/memory-control-store.js';
import { recordKinds, storedMigrations, type StoredMigration } from './record-kinds.js';

// What each release has stored: a folder for each release, in it one for each migration, with its objects under their
// keys. Whatever was released stays as it is; `RECORD_FORMATS=1` writes that of the version in package.json again.
const releases = join(import.meta.dirname, 'fixtures');
const prefix = '.longhaul/';
const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** A migration of a release: its objects, and what the readers of that release made of each kind. */
interface Released {
  readonly migration: StoredMigration;
  readonly expected: Readonly<Record<string, object>>;
}

if (process.env['RECORD_FORMATS'] === '1') await recordFormats();

describe.each(readdirSync(releases))('what %s has stored', (release) => {
  const folders = foldersOf(release);

  it.each(recordKinds.map(({ name }) => name))('is read by every reader: %s', async (name) => {
    const kind = recordKinds.find((each) => each.name === name);
    for (const folder of folders) {
      const { migration, expected } = readReleased(folder);
      // A kind that this release did not have yet.
      if (kind === undefined || expected[name] === undefined) continue;
      for (const [reader, read] of Object.entries(kind.readers)) {
        const place = { control: storeOf(folder), base: '.longhaul/orders', record: migration.record };
        expect(asJson(await read(place)), `${folder}, ${reader}`).toMatchObject(expected[name]);
      }
    }
  });
});

it('what this version stores is what is kept for it, if it has been recorded', async () => {
  for (const folder of foldersOf(version)) {
    const { migration } = readReleased(folder);
    for (const kind of recordKinds) {
      const bytes = Buffer.from(await kind.bytes(migration));
      expect(inflated(bytes), kind.name).toBe(inflated(readFileSync(pathOf(folder, kind.key(migration)))));
    }
  }
});

async function recordFormats(): Promise<void> {
  const folder = join(releases, version);
  const known = foldersOf(version).map((each) => readReleased(each).migration);
  const migrations = known.length > 0 ? known : fc.sample(storedMigrations, { seed: 1, numRuns: 3 });
  rmSync(folder, { recursive: true, force: true });
  for (const [index, migration] of migrations.entries()) {
    const place = join(folder, String(index + 1));
    const expected = Object.fromEntries(recordKinds.map((kind) => [kind.name, kind.expected(migration)]));
    write(join(place, 'released.json'), `${JSON.stringify({ migration, expected }, undefined, 1)}\n`);
    for (const kind of recordKinds) write(pathOf(place, kind.key(migration)), await kind.bytes(migration));
  }
}

function foldersOf(release: string): readonly string[] {
  const folder = join(releases, release);
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/** Where an object is kept; git ignores the folder whose name its key begins with. */
function pathOf(folder: string, key: string): string {
  return join(folder, key.replace(prefix, ''));
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function readReleased(folder: string): Released {
  return JSON.parse(readFileSync(join(folder, 'released.json'), 'utf8')) as Released;
}

function storeOf(folder: string): MemoryControlStore {
  const store = new MemoryControlStore();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && entry.name !== 'released.json') {
      store.objects.set(prefix + path.slice(folder.length + 1), readFileSync(path));
    }
  }
  return store;
}

/** As it was stored, without the fields that are undefined. */
function asJson(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

/** Compressed bytes differ between versions of zlib. */
function inflated(bytes: Buffer): string {
  return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString();
}
