import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { machineLine } from '../lib/machine.mjs';
import { markdownTable } from '../lib/markdown.mjs';
import { median } from '../lib/measure.mjs';
import { s3Keys } from './workload.mjs';

export const summary = 'CPU a blob of what a worker does for its slices, beside the barest loop that does the same';

export const options = /** @type {const} */ ({
  units: {
    type: 'string',
    default: '600',
    least: 10,
    description: 'units of ten blobs of 10 KB; a fifth of them do not count',
  },
  rounds: { type: 'string', default: '3', least: 1, description: 'how often each is measured; the table has medians' },
  level: { type: 'string', default: 'standard', among: ['fast', 'standard', 'small'], description: 'transform.level' },
  http: {
    type: 'string',
    default: 'lean',
    among: ['lean', 'sdk'],
    description: 'client of the worker path: lean, or sdk',
  },
  profile: { type: 'string', default: '', description: 'folder for a CPU profile of each worker path' },
});

/**
 * Moves the same units by the bare loop and by the worker's path, in turn, each in a process of its own; the stores
 * have another process. Only the ratios within one run mean anything on a machine that does other things as well.
 *
 * @param {{ units: string, rounds: string, level: string, http: string, profile: string }} values
 */
export async function run({ units, rounds, level, http, profile }) {
  process.stdout.write(`${machineLine()}\n\n`);
  const stores = fork(new URL('stores.mjs', import.meta.url), [units]);
  try {
    const [addresses] = /** @type {[{ azure: string, s3: string }]} */ (await once(stores, 'message'));
    /** @type {Figures[]} */
    const bare = [];
    /** @type {Figures[]} */
    const worker = [];
    for (let round = 0; round < Number(rounds); round += 1) {
      bare.push(await measured('bare', []));
      worker.push(await measured('worker', profile === '' ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]));
    }
    if (new Set([...bare, ...worker].map(({ digest }) => digest)).size > 1)
      throw new Error('the two did not put the same objects');
    const ratios = worker.map(({ cpuMs }, at) => cpuMs / (bare[at]?.cpuMs ?? Number.NaN));
    const head = ['', 'CPU ms a blob', 'times the bare loop', 'blobs a second', 'peak MiB'];
    const rows = [row('bare loop', bare, [1]), row("worker's path", worker, ratios)];
    process.stdout.write(markdownTable(head, rows));
    const each = ratios.map((ratio) => ratio.toFixed(2)).join(', ');
    process.stdout.write(`\nRatios of the rounds: ${each}. The objects are the same.\n`);

    /**
     * @param {'bare' | 'worker'} what
     * @param {readonly string[]} flags
     * @returns {Promise<Figures>}
     */
    async function measured(what, flags) {
      const program = new URL('measured-process.mjs', import.meta.url).pathname;
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [...flags, program, what, addresses.azure, addresses.s3, units, level, http],
        {
          env: { ...process.env, AWS_ACCESS_KEY_ID: s3Keys.accessKeyId, AWS_SECRET_ACCESS_KEY: s3Keys.secretAccessKey },
        },
      );
      stores.send('what was put?');
      const [put] = /** @type {[{ digest: string }]} */ (await once(stores, 'message'));
      return { ...JSON.parse(stdout), ...put };
    }
  } finally {
    stores.kill();
  }
}

/**
 * @typedef {{ cpuMs: number, blobsPerSecond: number, peakBytes: number, digest: string }} Figures
 * @param {string} name
 * @param {readonly Figures[]} figures
 * @param {readonly number[]} ratios
 */
function row(name, figures, ratios) {
  const middle = (/** @type {(each: Figures) => number} */ pick) => median(figures.map(pick));
  return [
    name,
    middle(({ cpuMs }) => cpuMs).toFixed(2),
    median(ratios).toFixed(2),
    middle(({ blobsPerSecond }) => blobsPerSecond).toFixed(0),
    (middle(({ peakBytes }) => peakBytes) / 2 ** 20).toFixed(0),
  ];
}
