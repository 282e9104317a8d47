import { parseDefinition } from '../../dist/definition/parse-definition.js';
import { partitionSlices } from '../../dist/domain/layout.js';
import { controlBase } from '../../dist/domain/stored/migration-record.js';
import { Secret } from '../../dist/domain/text/secret.js';
import { BytePace } from '../../dist/flow/byte-pace.js';
import { createProcessResources } from '../../dist/flow/process-resources.js';
import { RequestPace } from '../../dist/flow/request-pace.js';
import { StoreThrottles } from '../../dist/flow/store-throttles.js';
import { moveSlice } from '../../dist/pipeline/slice/move-slice.js';
import { pacedSource } from '../../dist/pipeline/source/paced-source.js';
import { stageMigration } from '../../dist/staging/stage-migration.js';
import { createS3ControlStore } from '../../dist/stores/s3/s3-control-store.js';
import { BoundedLabel } from '../../dist/telemetry/metrics/bounded-label.js';
import { RequestCounts } from '../../dist/telemetry/metrics/request-counts.js';
import { createOpenMigration } from '../../dist/worker/open-migrations.js';
import { accountKey, bucket, container, unitId, unitPrefix } from './workload.mjs';

// As a worker process works on them.
const slicesAtOnce = 4;

/**
 * Stages a migration and returns a function that moves its slices from one number to another, with everything that a
 * worker process has around a slice except Temporal: throttles, paces, counted requests, the ledger in the control
 * bucket.
 *
 * @param {{
 *   azure: string,
 *   s3: string,
 *   units: number,
 *   level: string,
 *   http: 'lean' | 'sdk',
 *   unitsInFlight?: Parameters<typeof createProcessResources>[0]['unitsInFlight'],
 * }} options
 */
export async function workerPath({ azure, s3, units, level, http, unitsInFlight }) {
  const signal = new AbortController().signal;
  const definition = parseDefinition(migrationFile({ azure, s3, level }), 'migration.yaml');
  const { endpoint, region, forcePathStyle } = definition.target;
  const connection = { endpoint, region, forcePathStyle };
  const place = { prefix: definition.target.control.prefix, name: definition.name };
  const control = createS3ControlStore({ connection, bucket, allowInsecureEndpoints: true });
  const { record } = await stageMigration({
    ...{ definition, units: unitLines(units), store: control, base: controlBase(place), newestRound: 0 },
    ...{ version: '0.0.0', now: () => new Date(), signal },
  });
  control.close();

  const credentials = async () => new Secret(accountKey);
  const stores = { allowInsecureEndpoints: true, trustedHosts: [], credentials, http };
  const throttles = new StoreThrottles();
  const open = createOpenMigration(stores, throttles, new RequestCounts(new BoundedLabel(100)));
  const process = createProcessResources({ unitsInFlight });
  const paces = { pace: new BytePace(() => undefined), requestPace: paceOf(() => new RequestPace(() => undefined)) };
  const slices = Array.from({ length: record.layout.partitions }, (_unused, partition) =>
    partitionSlices(record.layout, partition),
  ).flat();

  return {
    slices: slices.length,
    unitsPerSlice: record.layout.unitsPerSlice,
    ...{ process, throttles },
    /**
     * @param {number} from
     * @param {number} to
     */
    async move(from, to) {
      let next = from;
      const lane = async () => {
        while (next < to) {
          const task = { epoch: 1, round: 0, .../** @type {(typeof slices)[0]} */ (slices[next++]) };
          const { resources } = await open({ ...place, bucket, s3: connection }, 0, signal);
          const source = pacedSource(resources.source, paces);
          const job = { task, process, signal, buildInfo: 'longhaul bench', beat: () => undefined };
          const result = await moveSlice({ ...job, resources: { ...resources, source } });
          if (result.state !== 'complete' || result.tally.units.done !== task.units)
            throw new Error(`a slice ended as ${JSON.stringify(result)}`);
        }
      };
      await Promise.all(Array.from({ length: slicesAtOnce }, lane));
    },
  };
}

/**
 * Returns one pace for each account.
 *
 * @template Pace
 * @param {() => Pace} make
 */
function paceOf(make) {
  /** @type {Map<string, Pace>} */
  const paces = new Map();
  return (/** @type {string} */ account) => {
    const pace = paces.get(account) ?? make();
    paces.set(account, pace);
    return pace;
  };
}

/** @param {number} units */
async function* unitLines(units) {
  for (let index = 0; index < units; index += 1) {
    const fields = { name: unitId(index), prefix: unitPrefix(unitId(index)) };
    yield { line: index + 2, fields };
  }
}

/** @param {{ azure: string, s3: string, level: string }} options */
function migrationFile({ azure, s3, level }) {
  return `version: 1
name: bench
units: { from: units.csv, id: "{{ name }}" }
accounts:
  east: { endpoint: "${azure}/east", credential: bench }
  west: { endpoint: "${azure}/west", credential: bench }
find:
  - account: "{{ account }}"
    container: ${container}
    prefix: "{{ prefix }}"
    match: "*.json.bz2"
    each: { account: "{{ 'east|west' | split: '|' }}" }
transform: { level: ${level} }
target:
  bucket: ${bucket}
  key: "objects/{{ name }}.json.gz"
  region: us-east-1
  endpoint: "${s3}"
  forcePathStyle: true
`;
}
