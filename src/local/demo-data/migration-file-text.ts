import { stringify } from 'yaml';
import { containerSuffix } from './demo-layout.js';
import type { DemoDataOptions } from './demo-data-options.js';

/** Returns the commented `migration.yaml` that moves the generated data. */
export function migrationFileText(options: Pick<DemoDataOptions, 'name' | 'set' | 'accounts' | 'target'>): string {
  const { name, accounts, target } = options;
  const suffix = containerSuffix(options.set);
  const folder = "{{ tenant | hash: 'md5' | slice: 0, 2 }}/{{ tenant }}/{{ month | replace: '-', '/' }}";
  return `# Moves the demo's data: one gzip object per tenant and month, made of many small bzip2 blobs
# in three accounts.
version: 1
name: ${scalar(name)}

units:
  from: units.csv                   # a line is a unit; columns: tenant, month, days, regions
  id: "{{ tenant }}/{{ month }}"    # names a unit

accounts:
  east:
    endpoint: ${scalar(accounts.east.endpoint)}
    credential: ${scalar(accounts.east.credential)}     # a name; the worker finds the secret
  west:
    endpoint: ${scalar(accounts.west.endpoint)}
    credential: ${scalar(accounts.west.credential)}
  late:
    endpoint: ${scalar(accounts.late.endpoint)}
    credential: ${scalar(accounts.late.credential)}

find:                               # where the blobs of a unit are
  # What came in time: one list request for each of the unit's days and regions.
  # A name: bd/acme-1/2019/07/03/eu-00001.json.bz2 (shard, tenant, date, region and sequence number)
  - account: "{% if region == 'eu' %}west{% else %}east{% endif %}"
    container: "events-{{ month }}${suffix}"
    prefix: "${folder}/{{ day }}/{{ region }}-"
    match: "*.json.bz2"             # glob on what follows the prefix: leaves out .json.bz2.tmp, .idx and folders below
    each:
      day: "{{ days | split: '|' }}"
      region: "{{ regions | split: '|' }}"
  # What came late: whatever the third account holds of the tenant's month.
  - account: late
    container: "late-{{ month | slice: 0, 4 }}${suffix}"
    prefix: "${folder}/"
    match: "*/*.json.bz2"

order: name                         # bytes of the blobs' names over both lookups: day by day, late blobs in their place
whenEmpty: fail                     # a unit without a blob is a failure, not an empty object

target:
  bucket: ${scalar(target.bucket)}
  key: ${JSON.stringify(`${target.keyPrefix}{{ tenant }}/{{ month }}.json.gz`)}
  region: ${scalar(target.region)}
  endpoint: ${scalar(target.endpoint)}
  forcePathStyle: true              # the local S3 server has no host name per bucket
`;
}

function scalar(value: string): string {
  return stringify(value, { lineWidth: 0 }).trimEnd();
}
