import { describe, expect, it } from 'vitest';
import { DefinitionProblems, type DefinitionProblem } from '../../../src/definition/definition-problems.js';
import { parseDefinition } from '../../../src/definition/parse-definition.js';
import { exampleFile, exampleWith } from './example-file.js';

describe('a migration file', () => {
  it('has every default filled in, with sizes in bytes and durations in milliseconds', () => {
    expect(parseDefinition(exampleFile, 'migration.yaml')).toEqual({
      version: 1,
      name: 'orders',
      units: { from: 'units.csv', id: '{{ tenant }}/{{ month }}' },
      accounts: { east: { endpoint: 'https://east.blob.core.windows.net', credential: 'azure-east' } },
      find: [
        {
          account: 'east',
          container: 'events-{{ month | slice: 0, 4 }}',
          prefix: '{{ tenant }}/{{ month }}/{{ day }}/',
          match: '**/*.json.bz2',
          each: { day: { kind: 'range', from: 1, to: 31, width: 2 } },
          optional: false,
        },
      ],
      order: 'name',
      expect: {},
      whenEmpty: 'fail',
      transform: {
        decompress: 'bzip2',
        trailingGarbage: 'fail',
        onCorrupt: 'fail',
        crossCheck: { decode: 0.0001, encode: 1 },
        join: 'concat',
        compress: 'gzip',
        level: 'standard',
      },
      target: {
        bucket: 'archive',
        key: 'orders/{{ tenant }}/{{ month }}.json.gz',
        tags: {},
        metadata: {},
        overwrite: 'never',
        conditionalWrites: 'require',
        control: { bucket: 'archive', prefix: '.longhaul' },
      },
      limits: {
        blobBytes: 64 * 2 ** 30,
        unitBytes: 5 * 2 ** 40,
        unitBlobs: 1_000_000,
        expansion: 2_000,
        unitPatienceMs: 1_800_000,
        failedUnits: { kind: 'share', share: 0.05 },
      },
      speed: { unitsInFlight: 'auto', bytesPerSecond: 'unlimited', heartbeatTimeoutMs: 60_000 },
    });
  });

  it('accepts every field of the contract', () => {
    const text = exampleWith('name: orders', everyOptionalSection).replace(
      '  bucket: archive\n',
      () => everyTargetField,
    );
    const { order, expect: complete, whenEmpty, transform, limits, speed, target } = parseDefinition(text, 'm.yaml');
    expect({ order, complete, whenEmpty }).toEqual({
      order: 'lastModified',
      complete: { blobs: '{{ parts }}', sequence: String.raw`-(\d+)\.json\.bz2$` },
      whenEmpty: 'write-empty',
    });
    expect(transform).toEqual({
      decompress: 'auto',
      trailingGarbage: 'ignore',
      onCorrupt: 'skip-blob',
      crossCheck: { decode: 0.01, encode: 0 },
      join: 'lines',
      compress: 'none',
      level: 9,
    });
    expect(limits).toEqual({
      blobBytes: 1_500_000,
      unitBytes: 1024,
      unitBlobs: 5,
      expansion: 12.5,
      unitPatienceMs: 7_200_000,
      failedUnits: { kind: 'count', count: 1000 },
    });
    expect(speed).toEqual({
      unitsInFlight: 4,
      bytesPerSecond: 1_048_576,
      heartbeatTimeoutMs: 90_000,
    });
    expect(target).toEqual({
      bucket: 'archive',
      key: 'orders/{{ tenant }}/{{ month }}.json.gz',
      region: 'eu-central-1',
      endpoint: 'http://127.0.0.1:8333',
      forcePathStyle: true,
      roleArn: 'arn:aws:iam::123456789012:role/mover',
      externalId: 'x',
      storageClass: 'STANDARD_IA',
      encryption: { type: 'aws:kms', keyId: 'alias/archive', bucketKey: true },
      contentType: 'application/json',
      contentEncoding: 'identity',
      tags: { team: 'data', year: '2019' },
      metadata: { origin: 'azure' },
      overwrite: 'changed',
      conditionalWrites: 'degraded',
      control: { bucket: 'control', prefix: 'longhaul/prod' },
    });
  });

  it.each([
    ['39.8 MB', 39_800_000],
    ['3.2 MB/s', 3_200_000],
    ['65.536 kB', 65_536],
    ['1GiB / s', 2 ** 30],
    ['70001', 70_001],
  ])('accepts a rate as Longhaul prints it: %s', (written, bytes) => {
    const text = exampleWith('name: orders', `name: orders\nspeed: { bytesPerSecond: ${written} }`);
    expect(parseDefinition(text, 'm.yaml').speed.bytesPerSecond).toBe(bytes);
  });

  it('accepts sizes as Longhaul prints them, rounded to whole bytes', () => {
    const text = exampleWith('name: orders', 'name: orders\nlimits: { blobBytes: 512 B, unitBytes: 1.0005 kB }');
    expect(parseDefinition(text, 'm.yaml').limits).toMatchObject({ blobBytes: 512, unitBytes: 1_001 });
  });

  it('keeps digits as they are written where only text can be meant', () => {
    const { find } = parseDefinition(exampleWith('"01..31"', '[01, 2, "03", 1e3, true]'), 'm.yaml');
    expect(find[0]?.each['day']).toEqual({ kind: 'list', values: ['01', '2', '03', '1e3', 'true'] });
  });

  it('accepts the four forms of each', () => {
    const text = exampleWith(
      '      day: "01..31"',
      `      day: "08..11"
      region: "{{ regions | split: '|' }}"
      date: { from: "{{ start }}", days: "{{ days }}", step: 1h }
      month: { from: 2019-01, to: 2019-12, step: 1mo }
      letter: [a, b]`,
    );
    const { find } = parseDefinition(text, 'm.yaml');
    expect(Object.entries(find[0]?.each ?? {})).toEqual([
      ['day', { kind: 'range', from: 8, to: 11, width: 2 }],
      ['region', { kind: 'template', template: "{{ regions | split: '|' }}" }],
      ['date', { kind: 'dates', from: '{{ start }}', days: '{{ days }}', step: { count: 1, unit: 'hour' } }],
      ['month', { kind: 'dates', from: '2019-01', to: '2019-12', step: { count: 1, unit: 'month' } }],
      ['letter', { kind: 'list', values: ['a', 'b'] }],
    ]);
  });

  it('can repeat a section by an alias, but not grow without bound', () => {
    const aliased = exampleWith('    credential: azure-east', '    credential: &name azure-east').replace(
      'find:',
      () => '  west: { endpoint: https://west.example.com, credential: *name }\nfind:',
    );
    expect(parseDefinition(aliased, 'm.yaml').accounts['west']?.credential).toBe('azure-east');

    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0 ? 'l0: &l0 [x]' : `l${level}: &l${level} [${`*l${level - 1},`.repeat(10)}]`,
    );
    expect(() => parseDefinition(levels.join('\n'), 'm.yaml')).toThrow('YAML: too many or too deeply nested values');
  });

  it('can use an anchor again, which then means the last value before the alias', () => {
    const text = exampleWith('credential: azure-east', 'credential: &c azure-east').replace('find:', () =>
      [
        '  a: { endpoint: https://a.example.com, credential: *c }',
        '  b: { endpoint: https://b.example.com, credential: &c b }',
        '  d: { endpoint: https://d.example.com, credential: *c }',
        'find:',
      ].join('\n'),
    );
    const { accounts } = parseDefinition(text, 'm.yaml');
    expect(Object.values(accounts).map(({ credential }) => credential)).toEqual(['azure-east', 'azure-east', 'b', 'b']);
  });

  it.each([
    ['30,000 unknown fields', Array.from({ length: 30_000 }, (_, at) => `k${String(at)}: 1`).join('\n')],
    ['one field 20,000 times', 'name: orders\n'.repeat(20_000)],
    ['20,000 aliases', `a: &a 1\nb: [${'*a,'.repeat(20_000)}]`],
    [
      '30,000 flow fields in a lookup',
      exampleWith(
        'day: "01..31"',
        `day: "01..31"\n    x: {${Array.from({ length: 30_000 }, (_, at) => `a${String(at)}`).join(',')}}`,
      ),
    ],
  ])('is refused quickly, with at most 100 problems, for %s', (_, text) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeLessThanOrEqual(100);
    expect(problems.length).toBeGreaterThan(0);
  });

  it('has at most 256 KiB', () => {
    const long = `${exampleFile}#${'x'.repeat(2 ** 18)}`;
    expect(() => parseDefinition(long, 'm.yaml')).toThrow(
      'm.yaml:1:1: the file has more than 256 KiB; a list of that length belongs into the units file',
    );
  });
});

function problemsOf(text: string): readonly DefinitionProblem[] {
  try {
    parseDefinition(text, 'm.yaml');
    return [];
  } catch (error) {
    if (error instanceof DefinitionProblems) return error.problems;
    throw error;
  }
}

const everyOptionalSection = String.raw`name: orders
order: lastModified
expect: { blobs: "{{ parts }}", sequence: '-(\d+)\.json\.bz2$' }
whenEmpty: write-empty
transform:
  { decompress: auto, trailingGarbage: ignore, onCorrupt: skip-blob, crossCheck: { decode: 1%, encode: 0 },
    join: lines, compress: none, level: 9 }
limits: { blobBytes: 1.5MB, unitBytes: 1024, unitBlobs: 5, expansion: 12.5, unitPatience: 2h, failedUnits: 1000 }
speed: { unitsInFlight: 4, bytesPerSecond: 1MiB, heartbeatTimeout: 1.5m }`;

const everyTargetField = `  bucket: archive
  region: eu-central-1
  endpoint: http://127.0.0.1:8333
  forcePathStyle: true
  roleArn: arn:aws:iam::123456789012:role/mover
  externalId: x
  storageClass: STANDARD_IA
  encryption: { type: aws:kms, keyId: alias/archive, bucketKey: true }
  contentType: application/json
  contentEncoding: identity
  tags: { team: data, year: 2019 }
  metadata: { origin: azure }
  overwrite: changed
  conditionalWrites: degraded
  control: s3://control/longhaul/prod/
`;
