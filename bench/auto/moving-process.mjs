/**
 * Moves units as a worker process does until it is killed, at a fixed number of units in flight or at the one that it
 * finds. Tells its parent when it begins, and how far it has got when asked.
 */
import { autoUnitsInFlight } from '../../dist/worker/width/auto-units-in-flight.js';
import { keepWidth } from '../../dist/worker/width/keep-width.js';
import { workerPath } from '../hot-path/worker-path.mjs';
import { s3Keys } from '../hot-path/workload.mjs';

const [azure = '', s3 = '', unitsText, level = 'auto'] = process.argv.slice(2);
process.env.AWS_ACCESS_KEY_ID = s3Keys.accessKeyId;
process.env.AWS_SECRET_ACCESS_KEY = s3Keys.secretAccessKey;
const unitsInFlight = level === 'auto' ? autoUnitsInFlight(1) : Number(level);
const path = await workerPath({
  ...{ azure, s3, units: Number(unitsText), level: 'standard', http: 'lean', unitsInFlight },
});
const { process: resources, throttles } = path;
const directives = {
  limits: () => [],
  adapt: () => {
    resources.units.concurrency = resources.width.width;
  },
};
if (level === 'auto') keepWidth({ process: resources, directives, throttles, signal: new AbortController().signal });

let ended = false;
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ width: resources.width.width, cpuSeconds: (user + system) / 1e6, ended });
});
process.on('disconnect', () => process.exit());
process.send?.({});
await path.move(0, path.slices);
ended = true;
