import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { DemoStores } from '../../../src/commands/ports/store-ports.js';
import type { ExpectedUnit } from '../../../src/local/demo-data/expected-unit.js';

const decompress = 'import bz2, sys; sys.stdout.buffer.write(bz2.decompress(sys.stdin.buffer.read()))';

/**
 * Returns stores of a local stack in memory. Every object of the demo in `directory` is there when it is read, as if
 * its migration had moved it: Python makes it from the blobs.
 */
export function movedDemoStores(directory: string): DemoStores {
  const blobs = new Map<string, Uint8Array>();
  const expected = (): readonly ExpectedUnit[] =>
    readFileSync(join(directory, 'expected.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ExpectedUnit);
  let isMade = false;
  return {
    ensureBucket: async () => {},
    ensureContainer: async () => {},
    deleteContainer: async () => {},
    putBlob: async ({ container, name, bytes }) => {
      isMade = true;
      blobs.set(`${container}/${name}`, bytes);
    },
    async *listKeys() {
      if (isMade) yield* expected().map(({ key }) => key);
    },
    async *readObject(key) {
      const unit = expected().find((each) => each.key === key);
      const names = (unit?.wantedBlobNames ?? []).map(({ container, name }) => `${container}/${name}`);
      yield objectOf(Buffer.concat(names.map((name) => blobs.get(name) ?? new Uint8Array())));
    },
    deleteObject: async () => {},
    close: () => undefined,
  };
}

const made = new Map<string, Buffer>();

/** Returns the object of these blobs. The demo is the same in every run, so that few objects are made. */
function objectOf(input: Buffer): Buffer {
  const digest = createHash('sha256').update(input).digest('hex');
  const before = made.get(digest);
  if (before !== undefined) return before;
  const raw = execFileSync('python3', ['-c', decompress], { input, maxBuffer: 1 << 28 });
  const object = gzipSync(raw, { level: 1 });
  made.set(digest, object);
  return object;
}
