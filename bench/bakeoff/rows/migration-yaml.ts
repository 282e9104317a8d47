import { regions } from '../data/work-list.js';
import type { Scene } from './row.js';

/** Returns the migration file of the bake-off. */
export function migrationYaml({ stores, unitsPath }: Pick<Scene, 'stores' | 'unitsPath'>, level: string): string {
  return `version: 1
name: bake-off
units: { from: ${unitsPath}, id: '{{ unit_id }}' }
accounts:
${regions.map((region) => `  ${region}: { endpoint: '${stores.azure}/${region}', credential: bench }`).join('\n')}
find:
  - account: '{{ region }}'
    container: "events-{{ day | date: '%Y-%m' }}"
    prefix: "{{ day | date: '%Y/%m/%d' }}/{{ unit_id | hash: 'sha1' | slice: 0, 4 }}/{{ unit_id }}-"
    regex: '^\\d{4}\\.json\\.bz2$'
    each: { day: { from: '{{ start }}', days: '{{ days }}' }, region: "{{ regions | split: '|' }}" }
expect: { blobs: '{{ blobs }}' }
transform: { level: ${level} }
target:
  bucket: ${stores.bucket}
  key: "collated/{{ start | date: '%Y/%m' }}/{{ unit_id }}.json.gz"
  endpoint: ${stores.s3}
  region: us-east-1
  forcePathStyle: true
`;
}
