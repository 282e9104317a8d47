import { describe, expect, it } from 'vitest';
import { definitionDigest } from '../../../src/definition/definition-digest.js';
import { describeChanges, formatChange, isSafeChange } from '../../../src/definition/describe-changes.js';
import { parseDefinition } from '../../../src/definition/parse-definition.js';
import { exampleFile, exampleWith } from './example-file.js';

const example = parseDefinition(exampleFile, 'm.yaml');
const twoVariables = exampleWith('      day: "01..31"', '      day: "01..31"\n      region: [eu, us]');

describe('the digest of a definition', () => {
  it.each([
    ['the order of fields', exampleWith('version: 1\nname: orders', 'name: orders\nversion: 1')],
    ['comments', exampleWith('name: orders', 'name: orders # the big one')],
    ['speed', exampleWith('name: orders', 'name: orders\nspeed: { unitsInFlight: 2 }')],
    ['limits', exampleWith('name: orders', 'name: orders\nlimits: { unitBlobs: 2 }')],
    ['requestsPerSecond', exampleWith('credential: azure-east', 'credential: azure-east\n    requestsPerSecond: 5')],
    ['a default written out', exampleWith('name: orders', 'name: orders\ntransform: { join: concat }\norder: name')],
  ])('does not change with %s', (_, text) => {
    const changed = parseDefinition(text, 'm.yaml');
    expect(definitionDigest(changed)).toBe(definitionDigest(example));
    expect(isSafeChange(example, changed)).toBe(true);
  });

  it.each([
    ['transform', exampleFile, exampleWith('name: orders', 'name: orders\ntransform: { join: lines }')],
    ['the key', exampleFile, exampleWith('orders/{{', 'order/{{')],
    ['an endpoint', exampleFile, exampleWith('https://east.', 'https://west.')],
    ['a credential', exampleFile, exampleWith('azure-east', 'azure-west')],
    ['the order of variables in each', twoVariables, twoVariables.replace(/( {6}day.*\n)( {6}region.*\n)/, '$2$1')],
  ])('changes with %s', (_, text, changedText) => {
    const [before, changed] = [parseDefinition(text, 'm.yaml'), parseDefinition(changedText, 'm.yaml')];
    expect(changedText).not.toBe(text);
    expect(definitionDigest(changed)).not.toBe(definitionDigest(before));
    expect(isSafeChange(before, changed)).toBe(false);
    expect(describeChanges(before, changed)).toHaveLength(1);
  });

  it('is the same for what was stored as JSON', () => {
    expect(definitionDigest(JSON.parse(JSON.stringify(example)) as typeof example)).toBe(definitionDigest(example));
  });

  it('never changes for the example, whatever the version of Longhaul: stored migrations depend on it', () => {
    expect(definitionDigest(example)).toMatchInlineSnapshot(
      `"447e361a880a214935b77cf3a4c69a5ca2529e1885d7022f1dcddb106959cd3e"`,
    );
  });
});

describe('changes between two definitions', () => {
  it('are reported with path, old and new value', () => {
    const text = exampleWith('bucket: archive', 'bucket: store\n  region: eu-west-1')
      .replace('    match: "**/*.json.bz2"\n', '')
      .replace('"01..31"', '[a]');
    expect(describeChanges(example, parseDefinition(text, 'm.yaml')).map(formatChange)).toEqual([
      'find[0].match: "**/*.json.bz2" → nothing',
      'find[0].each.day.kind: "range" → "list"',
      'find[0].each.day.from: 1 → nothing',
      'find[0].each.day.to: 31 → nothing',
      'find[0].each.day.width: 2 → nothing',
      'find[0].each.day.values: nothing → ["a"]',
      'target.bucket: "archive" → "store"',
      'target.control.bucket: "archive" → "store"',
      'target.region: nothing → "eu-west-1"',
    ]);
  });

  it('are reported for the order of variables in each', () => {
    const swapped = twoVariables.replace(/( {6}day.*\n)( {6}region.*\n)/, '$2$1');
    expect(
      describeChanges(parseDefinition(twoVariables, 'm.yaml'), parseDefinition(swapped, 'm.yaml')).map(formatChange),
    ).toEqual(['find[0].each: ["day","region"] → ["region","day"]']);
  });

  it('are none between equal definitions', () => {
    expect(describeChanges(example, parseDefinition(exampleFile, 'other.yaml'))).toEqual([]);
  });
});
