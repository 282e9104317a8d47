/**
 * Longhaul's own pipeline without Temporal, workers and ledger: their cost is the difference from Longhaul itself.
 * `pipeline.mjs MIGRATION PART PARTS` moves every PARTS-th unit, beginning with the one numbered PART.
 */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createFindRenderer } from '../../dist/definition/find/find-renderer.js';
import { parseDefinition } from '../../dist/definition/parse-definition.js';
import { readUnits } from '../../dist/definition/units/read-units.js';
import { Secret } from '../../dist/domain/text/secret.js';
import { createProcessResources } from '../../dist/flow/process-resources.js';
import { ListingHabits } from '../../dist/pipeline/discover/sharing/listing-habits.js';
import { moveUnit } from '../../dist/pipeline/unit/move-unit.js';
import { createAzureSource } from '../../dist/stores/azure/azure-source.js';
import { createS3ControlStore } from '../../dist/stores/s3/s3-control-store.js';
import { createS3Target } from '../../dist/stores/s3/s3-target.js';

const [path = '', part, parts] = process.argv.slice(2);
const definition = parseDefinition(await readFile(path, 'utf8'), path);
const { accounts, target, transform, units } = definition;
const allowInsecureEndpoints = true;
const resources = {
  record: { format: 1, name: definition.name, id: 'bake-off', definition },
  base: '.longhaul/bake-off',
  // Only large units need it, for their checkpoints.
  control: createS3ControlStore({ connection: target, bucket: target.bucket, allowInsecureEndpoints }),
  source: createAzureSource({
    ...{ accounts, allowInsecureEndpoints, trustedHosts: [] },
    credentials: async () => new Secret(process.env.BENCH_AZURE_KEY),
  }),
  target: createS3Target({ target, compress: transform.compress, allowInsecureEndpoints }),
  find: createFindRenderer(definition),
  listingHabits: new ListingHabits(),
  throttled: { accounts: () => [], account: () => undefined, target: () => undefined },
};
const shared = createProcessResources({});
const { signal } = new AbortController();

const own = [];
let index = -1;
for await (const { fields } of readUnits({ from: units.from, directory: dirname(path) })) {
  index += 1;
  if (index % Number(parts) !== Number(part)) continue;
  const key = `collated/${fields.start.slice(0, 7).replace('-', '/')}/${fields.unit_id}.json.gz`;
  own.push({ index, id: fields.unit_id, key, fields });
}
const move = async (/** @type {any} */ unit) => {
  const moved = () => undefined;
  const job = { unit, resources, process: shared, askFirst: false, moved, buildInfo: 'bench', signal };
  const { state, failure } = await moveUnit(job);
  if (state !== 'done') throw new Error(`${unit.id} is ${state}: ${failure?.message}`);
};
await Promise.all(own.map((unit) => shared.units(() => move(unit))));
process.exit(0);
