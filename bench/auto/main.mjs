import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { latencyProxy } from '../bakeoff/servers/latency-proxy.mjs';
import { machineLine } from '../lib/machine.mjs';
import { markdownTable } from '../lib/markdown.mjs';
import { blobsPerUnit } from '../hot-path/workload.mjs';

export const summary =
  'whether a process finds by itself how many units it should move at once, on four kinds of network';

export const options = /** @type {const} */ ({
  levels: { type: 'string', default: '8,16,32,64', description: 'fixed numbers of units in flight to compare with' },
  settings: { type: 'string', default: 'near,far,near-slow,far-slow', description: 'kinds of network' },
  settle: { type: 'string', default: '60', least: 1, description: 'seconds that auto may take to find its level' },
  seconds: { type: 'string', default: '20', least: 1, description: 'seconds over which a rate is measured' },
  units: {
    type: 'string',
    default: '16000',
    least: 1000,
    description: 'units to move, of ten blobs each',
  },
});

// How long each request waits, and the bandwidth that the source's answers share: 3 MB/s are 300 blobs a second.
const networks = {
  near: { latencyMs: 20, bytesPerSecond: Infinity },
  far: { latencyMs: 120, bytesPerSecond: Infinity },
  'near-slow': { latencyMs: 20, bytesPerSecond: 3e6 },
  'far-slow': { latencyMs: 120, bytesPerSecond: 3e6 },
};
// A fixed level is steady as soon as the code is compiled and connections are open.
const fixedSettleSeconds = 8;

/**
 * Lets one process move units as a worker does, first at fixed levels and then at its own, behind a proxy for each kind
 * of network. A rate counts whole objects, once nothing changes.
 *
 * @param {{ levels: string, settings: string, settle: string, seconds: string, units: string }} values
 */
export async function run({ levels, settings, settle, seconds, units }) {
  process.stdout.write(`${machineLine()}\n\n`);
  const fixed = levels.split(',').map(Number);
  for (const name of settings.split(',')) {
    if (!(name in networks))
      throw new RangeError(`There is no "${name}"; there are ${Object.keys(networks).join(', ')}.`);
    const network = networks[/** @type {keyof typeof networks} */ (name)];
    const rates = [];
    for (const level of fixed)
      rates.push(
        await measured(network, String(level), { settle: fixedSettleSeconds, seconds: Number(seconds), units }),
      );
    const auto = await measured(network, 'auto', { settle: Number(settle), seconds: Number(seconds), units });
    const best = Math.max(...rates.map(({ blobsPerSecond }) => blobsPerSecond));
    const rows = [
      ...rates.map((rate, at) => [String(fixed[at]), ...cells(rate, best)]),
      [`auto, at ${String(auto.width)}`, ...cells(auto, best)],
    ];
    const { latencyMs, bytesPerSecond } = network;
    const link = bytesPerSecond === Infinity ? 'no limit' : `${String(bytesPerSecond / 1e6)} MB/s`;
    const head = [`${name}: ${String(latencyMs)} ms, ${link}`, 'blobs/s', 'of the best', 'CPU of a core'];
    process.stdout.write(`${markdownTable(head, rows)}\n`);
  }
}

/**
 * @typedef {{ blobsPerSecond: number, width: number, cpu: number }} Rate
 * @param {Rate} rate
 * @param {number} best
 */
function cells({ blobsPerSecond, cpu }, best) {
  return [blobsPerSecond.toFixed(0), `${((blobsPerSecond / best) * 100).toFixed(0)} %`, `${(cpu * 100).toFixed(0)} %`];
}

/**
 * @param {{ latencyMs: number, bytesPerSecond: number }} network
 * @param {string} level
 * @param {{ settle: number, seconds: number, units: string }} times
 * @returns {Promise<Rate>}
 */
async function measured(network, level, { settle, seconds, units }) {
  const stores = fork(new URL('../hot-path/stores.mjs', import.meta.url), [units, 'forget']);
  /** @type {import('node:net').Server[]} */
  const proxies = [];
  const ask = async () => {
    stores.send('how many were put?');
    const [{ put }] = /** @type {[{ put: number }]} */ (await once(stores, 'message'));
    return put;
  };
  try {
    const [addresses] = /** @type {[{ azure: string, s3: string }]} */ (await once(stores, 'message'));
    const azure = await behind(latencyProxy({ ...placeOf(addresses.azure), ...network }), proxies);
    const { latencyMs } = network;
    const s3 = await behind(latencyProxy({ ...placeOf(addresses.s3), latencyMs }), proxies);
    const worker = fork(new URL('moving-process.mjs', import.meta.url), [azure, s3, units, level]);
    try {
      await once(worker, 'message');
      await wait(settle * 1_000);
      const before = await figuresOf(worker);
      const first = await ask();
      const begun = performance.now();
      await wait(seconds * 1_000);
      const put = (await ask()) - first;
      const took = (performance.now() - begun) / 1_000;
      const after = await figuresOf(worker);
      if (after.ended) throw new Error('all units were moved before the rate was measured; take more of them');
      return {
        blobsPerSecond: (put * blobsPerUnit) / took,
        width: after.width,
        cpu: (after.cpuSeconds - before.cpuSeconds) / took,
      };
    } finally {
      worker.kill('SIGKILL');
    }
  } finally {
    stores.kill();
    for (const proxy of proxies) proxy.close();
  }
}

/**
 * @param {import('node:child_process').ChildProcess} worker
 * @returns {Promise<{ width: number, cpuSeconds: number, ended: boolean }>}
 */
async function figuresOf(worker) {
  worker.send('how far?');
  const [figures] = await once(worker, 'message');
  return figures;
}

/** @param {string} address */
function placeOf(address) {
  const { hostname: host, port } = new URL(address);
  return { host, port: Number(port) };
}

/**
 * @param {import('node:net').Server} proxy
 * @param {import('node:net').Server[]} proxies
 */
async function behind(proxy, proxies) {
  proxies.push(proxy);
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return `http://127.0.0.1:${String(/** @type {import('node:net').AddressInfo} */ (proxy.address()).port)}`;
}
