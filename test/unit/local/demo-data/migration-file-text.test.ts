import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { migrationFileText } from '../../../../src/local/demo-data/migration-file-text.js';

it('carries names and endpoints through YAML unchanged', () => {
  const endpoint = 'http://127.0.0.1:10000/prod: "east" # 1';
  const text = migrationFileText({
    name: '2019-07',
    accounts: {
      east: { endpoint, credential: 'no' },
      west: { endpoint: 'http://w', credential: 'w' },
      late: { endpoint: 'http://l', credential: 'l' },
    },
    target: { bucket: '123', endpoint: 'http://127.0.0.1:8333', region: 'us-east-1', keyPrefix: '' },
  });
  expect(parse(text)).toMatchObject({
    version: 1,
    name: '2019-07',
    units: { from: 'units.csv', id: '{{ tenant }}/{{ month }}' },
    accounts: { east: { endpoint, credential: 'no' }, late: { endpoint: 'http://l', credential: 'l' } },
    order: 'name',
    whenEmpty: 'fail',
    target: { bucket: '123', key: '{{ tenant }}/{{ month }}.json.gz', forcePathStyle: true, region: 'us-east-1' },
  });
});
