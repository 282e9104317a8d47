import { createHash } from 'node:crypto';
import { createFindRenderer } from '../../../src/definition/find/find-renderer.js';
import { parseDefinition } from '../../../src/definition/parse-definition.js';
import type { FindRenderer } from '../../../src/domain/rendered-find.js';
import type { StagedUnit, UnitFields } from '../../../src/domain/unit.js';
import { migrationFileText } from '../../../src/local/demo-data/migration-file-text.js';
import { planDemoUnit } from '../../../src/local/demo-data/plan-demo-unit.js';
import { planNeighbours } from '../../../src/local/demo-data/plan-neighbours.js';
import { MemoryBlobSource } from '../fakes/memory-blob-source.js';

/** A way to name containers and blobs. It is made when it is needed: some have many blobs. */
export interface NamingScheme {
  readonly title: string;
  make(): NamedBlobs;
}

/** The units of a migration, and a source that holds their blobs. */
export interface NamedBlobs {
  readonly units: readonly StagedUnit[];
  readonly find: FindRenderer;
  readonly source: MemoryBlobSource;
}

/** The names of the blobs of one unit. */
type NamesOf = (fields: UnitFields) => readonly string[];

const months = Array.from({ length: 12 }, (_, month) => padded(month + 1, 2));
const hours = Array.from({ length: 24 }, (_, hour) => padded(hour, 2));
const quarters = ['00', '15', '30', '45'];
const year = months.flatMap((m) => daysOf(m).map((d) => ({ y: '2024', m, d })));

const hive = {
  find: 'container: lake, prefix: "tenant={{ tenant }}/month={{ month }}/"',
  names: (({ tenant, month }) =>
    numbered(5).map((n) => `lake/tenant=${tenant}/month=${month}/${n}.parquet`)) as NamesOf,
};

/** The ways for which list requests are counted. */
export const namingSchemes: readonly NamingScheme[] = [
  { title: 'the data of the demo', make: () => demo(400) },
  scheme({
    title: 'a folder a day with 50 blobs, for a year; a unit a day',
    find: 'container: events, prefix: "orders/{{ y }}/{{ m }}/{{ d }}/"',
    units: year,
    names: ({ y, m, d }) => numbered(50).map((n) => `events/orders/${y}/${m}/${d}/${n}.json.bz2`),
  }),
  scheme({
    title: 'the same; a unit a month that looks for its days',
    find: 'container: events, prefix: "orders/{{ y }}/{{ m }}/{{ d }}/", each: { d: "01..31" }',
    units: months.map((m) => ({ y: '2024', m })),
    names: ({ y, m = '' }) => daysOf(m).flatMap((d) => numbered(50).map((n) => `events/orders/${y}/${m}/${d}/${n}`)),
  }),
  scheme({
    title: 'a folder a day with 2,000 blobs; a unit a day',
    find: 'container: events, prefix: "orders/{{ y }}/{{ m }}/{{ d }}/"',
    units: year.slice(0, 16),
    names: ({ y, m, d }) => numbered(2_000).map((n) => `events/orders/${y}/${m}/${d}/${n}.json.bz2`),
  }),
  scheme({
    title: 'a container a month, a folder a day with 20 blobs; a unit a day',
    find: 'container: "events-{{ y }}-{{ m }}", prefix: "{{ d }}/"',
    units: year,
    names: ({ y, m, d }) => numbered(20).map((n) => `events-${y}-${m}/${d}/${n}`),
  }),
  scheme({
    title: 'diagnostic logs of 3 resources for a year, a file an hour; a unit a day',
    find: 'container: insights-logs-audit, prefix: "resourceId=/S/{{ vault }}/y={{ y }}/m={{ m }}/d={{ d }}/"',
    units: ['A', 'B', 'C'].flatMap((vault) => year.map((day) => ({ vault, ...day }))),
    names: ({ vault, y, m, d }) =>
      hours.map((h) => `insights-logs-audit/resourceId=/S/${vault}/y=${y}/m=${m}/d=${d}/h=${h}/m=00/PT1H.json`),
  }),
  scheme({
    title: 'Event Hubs Capture of 4 partitions, a file in 15 minutes; a unit a day',
    find: 'container: capture, prefix: "ns/hub/{{ p }}/{{ y }}/{{ m }}/{{ d }}/", each: { p: "0..3" }',
    units: year.slice(0, 60),
    names: ({ y, m, d }) =>
      ['0', '1', '2', '3'].flatMap((p) =>
        hours.flatMap((h) => quarters.map((minute) => `capture/ns/hub/${p}/${y}/${m}/${d}/${h}/${minute}/00.avro`)),
      ),
  }),
  scheme({
    title: 'Hive partitions of 100 tenants and 12 months with 5 blobs; tenant by tenant',
    ...hive,
    units: tenants(100).flatMap((tenant) => months.map((month) => ({ tenant, month }))),
  }),
  scheme({
    title: 'the same; month by month',
    ...hive,
    units: months.flatMap((month) => tenants(100).map((tenant) => ({ tenant, month }))),
  }),
  scheme({
    title: 'one folder; 10 blobs begin with the name of each unit',
    find: 'container: flat, prefix: "exports/{{ tenant }}-"',
    units: tenants(1_000).map((tenant) => ({ tenant })),
    names: ({ tenant }) => numbered(10).map((n) => `flat/exports/${tenant}-${n}.json`),
  }),
  scheme({
    title: 'a container a customer',
    find: 'container: "{{ tenant }}", prefix: ""',
    units: tenants(400).map((tenant) => ({ tenant })),
    names: ({ tenant }) => numbered(5).map((n) => `${tenant}/${n}`),
  }),
  scheme({
    title: 'a hash in front of the name; one customer of 20 is moved',
    find: 'container: hashed, prefix: "{{ tenant | hash: \'md5\' | slice: 0, 4 }}/{{ tenant }}/"',
    units: tenants(400).map((tenant) => ({ tenant })),
    others: tenants(8_000)
      .slice(400)
      .map((tenant) => ({ tenant })),
    names: ({ tenant = '' }) =>
      numbered(2).map((n) => `hashed/${createHash('md5').update(tenant).digest('hex').slice(0, 4)}/${tenant}/${n}`),
  }),
];

function daysOf(month: string): readonly string[] {
  return Array.from({ length: new Date(Date.UTC(2024, Number(month), 0)).getUTCDate() }, (_, day) =>
    padded(day + 1, 2),
  );
}

function tenants(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `t${padded(index, 5)}`);
}

function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => padded(index, 5));
}

function padded(number: number, width: number): string {
  return String(number).padStart(width, '0');
}

function scheme(made: {
  readonly title: string;
  /** One lookup of the account `east`, as YAML. */
  readonly find: string;
  readonly units: readonly UnitFields[];
  /** Units of the same names that do not belong to the migration. */
  readonly others?: readonly UnitFields[];
  readonly names: NamesOf;
}): NamingScheme {
  return { title: made.title, make: () => named(made) };
}

function named(made: Parameters<typeof scheme>[0]): NamedBlobs {
  const source = new MemoryBlobSource();
  for (const fields of [...made.units, ...(made.others ?? [])]) {
    for (const path of made.names(fields)) {
      const [container = ''] = path.split('/');
      source.add({ account: 'east', container, name: path.slice(container.length + 1) }, '', { md5: null });
    }
  }
  const definition = parseDefinition(
    `version: 1
name: counted
units: { from: units.csv }
accounts: { east: { endpoint: https://east.blob.core.windows.net } }
find: [{ account: east, ${made.find} }]
target: { bucket: archive, key: "{{ unit.id }}" }
`,
    'migration.yaml',
  );
  return { units: made.units.map(staged), find: createFindRenderer(definition), source };
}

/** The demo of the local stack, with the blobs beside those of its units. */
export function demo(units: number): NamedBlobs {
  const content = { seed: 1, units };
  const source = new MemoryBlobSource();
  const plans = Array.from({ length: units }, (_, index) => planDemoUnit(content, index));
  for (const plan of plans) {
    for (const account of ['east', 'west', 'late']) {
      source.addContainer(account, `events-${plan.month}`);
      source.addContainer(account, `late-${plan.month.slice(0, 4)}`);
    }
    for (const { account, container, name } of [...plan.blobs, ...planNeighbours(content, plan)])
      source.add({ account, container, name }, '{}\n', { md5: null });
  }
  const account = { endpoint: 'https://east.blob.core.windows.net', credential: 'azure-east' };
  const text = migrationFileText({
    name: 'demo',
    accounts: { east: account, west: account, late: account },
    target: { bucket: 'archive', keyPrefix: 'demo/', region: 'us-east-1', endpoint: 'http://127.0.0.1:1' },
  });
  return {
    units: plans.map(({ tenant, month, days, regions }, index) =>
      staged({ tenant, month, days: days.join('|'), regions: regions.join('|') }, index),
    ),
    find: createFindRenderer(parseDefinition(text, 'migration.yaml')),
    source,
  };
}

function staged(fields: UnitFields, index: number): StagedUnit {
  return { index, id: `unit-${String(index)}`, key: `unit-${String(index)}`, fields };
}
