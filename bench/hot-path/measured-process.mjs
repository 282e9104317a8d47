/**
 * Moves units as the worker or as the bare loop, and writes what that took, as JSON, to standard output. The first
 * units, in which code is compiled and connections are opened, do not count.
 */
import { bareLoop } from './bare-loop.mjs';
import { workerPath } from './worker-path.mjs';
import { blobsPerUnit } from './workload.mjs';

const [what, azure = '', s3 = '', unitsText, level = 'standard', http = 'lean'] = process.argv.slice(2);
const units = Number(unitsText);
const figures = what === 'bare' ? await bare() : await worker();
process.stdout.write(JSON.stringify({ ...figures, peakBytes: process.resourceUsage().maxRSS * 1024 }));
process.exit(0);

async function bare() {
  const loop = bareLoop({ azure, s3, level: /** @type {'standard'} */ (level) });
  const first = Math.round(units / 5);
  await loop.move(0, first);
  return await measured(units - first, () => loop.move(first, units));
}

async function worker() {
  const path = await workerPath({ azure, s3, units, level, http: http === 'sdk' ? 'sdk' : 'lean' });
  const first = Math.round(path.slices / 5);
  await path.move(0, first);
  return await measured(units - first * path.unitsPerSlice, () => path.move(first, path.slices));
}

/**
 * @param {number} count
 * @param {() => Promise<void>} work
 */
async function measured(count, work) {
  const [before, startedMs] = [process.cpuUsage(), performance.now()];
  await work();
  const cpu = process.cpuUsage(before);
  const blobs = count * blobsPerUnit;
  const wallSeconds = (performance.now() - startedMs) / 1_000;
  return { cpuMs: (cpu.user + cpu.system) / 1_000 / blobs, wallSeconds, blobsPerSecond: blobs / wallSeconds };
}
