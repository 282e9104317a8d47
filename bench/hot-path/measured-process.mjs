/**
 * Moves units as the worker or as the bare loop, and writes what that took, as JSON, to standard output. The first
 * units, in which code is compiled and connections are opened, do not count.
 */
import { bareLoop } from '../lib/bare-loop.mjs';
import { workerPath } from './worker-path.mjs';
import { accountKey, accounts, blobsPerUnit, bucket, container, s3Keys, unitId, unitPrefix } from './workload.mjs';

const [what, azure = '', s3 = '', unitsText, level = 'standard', http = 'lean'] = process.argv.slice(2);
const units = Number(unitsText);
const unitsAtOnce = 16;
const figures = what === 'bare' ? await bare() : await worker();
process.stdout.write(JSON.stringify({ ...figures, peakBytes: process.resourceUsage().maxRSS * 1024 }));
process.exit(0);

async function bare() {
  const stores = { azure, accountKey, s3, bucket, region: 'us-east-1', keys: s3Keys };
  const loop = bareLoop({ ...stores, level: /** @type {'standard'} */ (level) });
  const all = Array.from({ length: units }, (_unused, index) => bareUnit(unitId(index)));
  const first = Math.round(units / 5);
  await loop.move(all.slice(0, first), unitsAtOnce);
  return await measured(units - first, () => loop.move(all.slice(first), unitsAtOnce));
}

/** @param {string} id */
function bareUnit(id) {
  const places = accounts.map((account) => ({ account, container, prefix: unitPrefix(id) }));
  return { key: `objects/${id}.json.gz`, places, blobs: blobsPerUnit };
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
