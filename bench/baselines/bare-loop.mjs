/**
 * The bare loop on the units of the bake-off: the reference for what everything around it costs. `bare-loop.mjs PART
 * PARTS` moves every PARTS-th unit, beginning with the one numbered PART; the environment says where, as for the Python
 * baselines.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { bareLoop } from '../lib/bare-loop.mjs';

const { BENCH_AZURE, BENCH_AZURE_KEY, BENCH_S3, BENCH_BUCKET, BENCH_UNITS, ...environment } = process.env;
const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: region } = environment;
const [part, parts] = process.argv.slice(2).map(Number);
const unitsAtOnce = 24;

function unitOf(row) {
  const [id, start, days, regions, blobs] = row.split(',');
  const shard = createHash('sha1').update(id).digest('hex').slice(0, 4);
  const places = Array.from({ length: Number(days) }, (_unused, day) => {
    const date = new Date(Date.parse(start) + day * 864e5).toISOString().slice(0, 10);
    const prefix = `${date.replaceAll('-', '/')}/${shard}/${id}-`;
    return regions.split('|').map((account) => ({ account, container: `events-${date.slice(0, 7)}`, prefix }));
  });
  const key = `collated/${start.slice(0, 7).replace('-', '/')}/${id}.json.gz`;
  return { key, places: places.flat(), blobs: Number(blobs) };
}

const [, ...rows] = readFileSync(BENCH_UNITS, 'utf8').trim().split('\n');
const keys = { accessKeyId, secretAccessKey };
const stores = { azure: BENCH_AZURE, accountKey: BENCH_AZURE_KEY, s3: BENCH_S3, bucket: BENCH_BUCKET, region, keys };
const loop = bareLoop({ ...stores, level: 'standard' });
await loop.move(rows.filter((_row, index) => index % parts === part).map(unitOf), unitsAtOnce);
await loop.close();
