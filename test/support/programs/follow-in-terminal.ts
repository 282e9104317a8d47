// A program, not a module. It follows a migration that completes in five steps, and draws on its standard error as the
// verbs do.
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { followMigration } from '../../../src/commands/status/follow-migration.js';
import { createStyle } from '../../../src/commands/screen/create-style.js';
import type { RootDescription } from '../../../src/commands/ports/temporal-port.js';
import {
  completedRoot,
  fakeTemporal,
  progress,
  runningRoot,
  subject,
  tally,
} from '../../unit/commands/sample-documents.js';

const counts = [0, 250, 500, 750];
const steps = counts.map((done): RootDescription => {
  const blocked =
    done === 500
      ? [{ what: 'account east', class: 'SourceAuth' as const, message: 'refused', since: progress.at, units: 12 }]
      : [];
  const figures = { tally: { ...tally, units: { done, found: 0, empty: 0, failed: 0 } }, blocked };
  const phase = blocked.length === 0 ? 'running' : 'blocked';
  return {
    ...runningRoot,
    memo: { round: 0, total: 1_000, phase, ...figures },
    progress: { ...progress, ...figures },
  };
});

const isTerminal = process.stderr.isTTY;
const tap = new PassThrough();
let shown = '';
tap.on('data', (bytes: Buffer) => {
  shown += bytes.toString();
  process.stderr.write(bytes);
});
const { columns, rows } = process.stderr;
const stream = isTerminal ? Object.assign(tap, { isTTY: true, columns, rows }) : tap;

let slept = 0;
const document = await followMigration(
  {
    err: { isTerminal, style: createStyle(false), stream, write: (text) => void stream.write(text) },
    now: () => slept * 2_000,
    // A step lasts until it is on the screen, however busy the machine is.
    sleep: async () => {
      const text = `: ${String(counts[slept])} of 1,000 units`;
      slept += 1;
      while (isTerminal && !shown.includes(text)) await once(tap, 'data');
    },
    signal: new AbortController().signal,
    invocation: 'longhaul',
  },
  { subject, total: 1_000, temporal: fakeTemporal([...steps, completedRoot]) },
);
stream.write(`ended: ${document.phase}\n`);
