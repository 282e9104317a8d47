import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DemoBlob, DemoBlobName, DemoDataOptions } from '../../../../src/local/demo-data/demo-data-options.js';
import { type ExpectedUnit, readExpected } from '../../../../src/local/demo-data/expected-unit.js';
import { type DemoDataSummary, generateDemoData } from '../../../../src/local/demo-data/generate-demo-data.js';

/** What one generation made, its blobs by `blobKey`. */
export interface Generated {
  readonly summary: DemoDataSummary;
  readonly expected: readonly ExpectedUnit[];
  readonly blobs: ReadonlyMap<string, DemoBlob>;
  /** Text of `migration.yaml`. */
  readonly migration: string;
  /** Text of `units.csv`. */
  readonly units: string;
}

/** Options of a small generation into a directory that goes when the test ends. */
export async function demoOptions(overrides: Partial<DemoDataOptions> = {}): Promise<DemoDataOptions> {
  const directory = await temporaryDirectory();
  onTestFinished(() => rm(directory, { recursive: true }));
  return { ...smallDemo, directory, ...overrides };
}

/** Generates and keeps everything in memory. */
export async function generateInMemory(overrides: Partial<DemoDataOptions> = {}): Promise<Generated> {
  const blobs = new Map<string, DemoBlob>();
  const putBlob = async (blob: DemoBlob): Promise<void> => {
    if (blobs.has(blobKey(blob))) throw new Error(`${blobKey(blob)} is stored twice`);
    blobs.set(blobKey(blob), blob);
  };
  const directory = await temporaryDirectory();
  try {
    const summary = await generateDemoData({ ...smallDemo, directory, putBlob, ...overrides });
    const expected: ExpectedUnit[] = [];
    for await (const unit of readExpected(summary.expectedPath)) expected.push(unit);
    const migration = await readFile(summary.migrationPath, 'utf8');
    const units = await readFile(summary.unitsPath, 'utf8');
    return { summary, expected, blobs, migration, units };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** One string for a blob's place. */
export function blobKey({ account, container, name }: DemoBlobName): string {
  return `${account} ${container} ${name}`;
}

const smallDemo: Omit<DemoDataOptions, 'directory'> = {
  seed: 1,
  units: 6,
  bigUnitRawBytes: 0,
  name: 'demo',
  accounts: {
    east: { endpoint: 'http://127.0.0.1:10000/prodeast', credential: 'demo-east' },
    west: { endpoint: 'http://127.0.0.1:10000/prodwest', credential: 'demo-west' },
    late: { endpoint: 'http://127.0.0.1:10000/prodlate', credential: 'demo-late' },
  },
  target: { bucket: 'archive', endpoint: 'http://127.0.0.1:8333', region: 'us-east-1', keyPrefix: 'demo/' },
  putBlob: () => Promise.resolve(),
  uploadsInFlight: 4,
};

function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'demo-data-'));
}
