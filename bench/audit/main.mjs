import { createServer } from 'vite';
import { machineLine } from '../lib/machine.mjs';
import { markdownTable } from '../lib/markdown.mjs';

export const summary = 'time and memory of report, export, trace, failures and verify over many units';

export const options = /** @type {const} */ ({
  units: { type: 'string', default: '1000000', description: 'units of the migration, of two blobs each' },
});

/** @param {{ units: string }} values */
export async function run({ units }) {
  process.stdout.write(`${machineLine()}\n\n`);
  // A server, because verbs load their parts when they are called.
  const server = await createServer({ server: { middlewareMode: true, ws: false, watch: null }, appType: 'custom' });
  try {
    const { measureAudit } = await server.ssrLoadModule('/bench/audit/measure-audit.ts');
    const rows = await measureAudit(
      Number(units),
      /** @param {string} line */
      (line) => void process.stderr.write(`${line}\n`),
    );
    const head = ['step', 'seconds', 'of CPU', 'units a second', 'memory at most, MiB', 'result'];
    process.stdout.write(`${markdownTable(head, rows)}\n`);
  } finally {
    await server.close();
  }
}
