import { describe, expect, it } from 'vitest';
import { DefinitionProblems, formatProblem } from '../../../src/definition/definition-problems.js';
import { parseDefinition } from '../../../src/definition/parse-definition.js';
import { exampleWith } from './example-file.js';

/** What is wrong, a file that has it, and all that is said about it, without the file's name. */
const badFiles: readonly (readonly [title: string, text: string, messages: readonly string[]])[] = [
  ['a version that this Longhaul does not know', exampleWith('version: 1', 'version: 2'), ['1:10 version: expected 1']],
  ['a missing version', exampleWith('version: 1\n', ''), ['1:1 version: it is missing']],
  [
    'a name with capitals and blanks',
    exampleWith('name: orders', 'name: Orders 2019'),
    [
      '2:7 name: not a valid migration name; use up to 63 lower-case letters, digits and hyphens, starting ' +
        'with a letter or digit',
    ],
  ],
  [
    'a number for a name',
    exampleWith('name: orders', 'name: 2019'),
    ['2:7 name: expected text, not a number; put it in quotes'],
  ],
  [
    'a field without a value',
    exampleWith('name: orders', 'name:'),
    ['2:6 name: expected text, not nothing; write a value or remove the field'],
  ],
  [
    'an unknown field near a known one',
    exampleWith('- account: east', '- acount: east'),
    ['11:5 find[0].account: it is missing', '11:5 find[0].acount: unknown field; did you mean "account"?'],
  ],
  [
    'a units file of an unknown kind',
    exampleWith('  from: units.csv', '  from: units.xlsx'),
    [
      '4:9 units.from: not the name of a units file; ' +
        'it must end with .csv, .jsonl or .txt, optionally followed by .gz or .bz2',
    ],
  ],
  [
    'an unknown section',
    exampleWith('name: orders', 'name: orders\nspede: { unitsInFlight: 3 }'),
    ['3:1 spede: unknown field; did you mean "speed"?'],
  ],
  [
    'an unknown field in a section',
    exampleWith('name: orders', 'name: orders\nspeed: { unitsInFlite: 3 }'),
    ['3:10 speed.unitsInFlite: unknown field; did you mean "unitsInFlight"?'],
  ],
  [
    'a rate that could not be told from a stall',
    exampleWith('name: orders', 'name: orders\nspeed: { bytesPerSecond: 63KiB }'),
    ['3:26 speed.bytesPerSecond: it is less than 64KiB'],
  ],
  [
    'wrong values of speed, all at once',
    exampleWith(
      'name: orders',
      'name: orders\nspeed: { unitsInFlight: lots, bytesPerSecond: fast, heartbeatTimeout: 60 }',
    ),
    [
      '3:25 speed.unitsInFlight: expected auto or a number',
      '3:47 speed.bytesPerSecond: not a size; write it as 64GiB or 500MB',
      '3:71 speed.heartbeatTimeout: not a duration; write it as 60s, 500ms or 5m',
    ],
  ],
  [
    'a heartbeat timeout out of bounds',
    exampleWith('name: orders', 'name: orders\nspeed: { heartbeatTimeout: 10ms }'),
    ['3:28 speed.heartbeatTimeout: it is not between 1s and 1h'],
  ],
  [
    'a patience out of bounds',
    exampleWith('name: orders', 'name: orders\nlimits: { unitPatience: 169h }'),
    ['3:25 limits.unitPatience: it is not between 1s and 168h'],
  ],
  [
    'wrong values of limits, all at once',
    exampleWith(
      'name: orders',
      'name: orders\nlimits: { blobBytes: 64 gigs, expansion: -1, unitBlobs: 1.5, failedUnits: 200% }',
    ),
    [
      '3:22 limits.blobBytes: not a size; write it as 64GiB or 500MB',
      '3:42 limits.expansion: it must be above 0',
      '3:57 limits.unitBlobs: expected a whole number, not a fraction',
      '3:75 limits.failedUnits: neither a share nor a number of units; write it as 5% or 1000',
    ],
  ],
  [
    'wrong values of transform, all at once',
    exampleWith(
      'name: orders',
      'name: orders\ntransform: { decompress: bzip, level: 12, crossCheck: { decode: 3/2, encode: some } }',
    ),
    [
      '3:26 transform.decompress: expected bzip2, gzip, auto or none; did you mean "bzip2"?',
      '3:39 transform.level: it must be at most 9',
      '3:65 transform.crossCheck.decode: not a share; write it as 1/10000, 1%, all or 0',
      '3:78 transform.crossCheck.encode: not a share; write it as 1/10000, 1%, all or 0',
    ],
  ],
  [
    'a mistyped level',
    exampleWith('name: orders', 'name: orders\ntransform: { level: smal }'),
    ['3:21 transform.level: expected fast, standard or small or a number; did you mean "small"?'],
  ],
  [
    'mistyped choices',
    exampleWith('name: orders', 'name: orders\nwhenEmpty: skipp\norder: size'),
    [
      '3:12 whenEmpty: expected fail, skip or write-empty; did you mean "skip"?',
      '4:8 order: expected name, natural, lookup or lastModified',
    ],
  ],
  [
    'a field that is there twice',
    exampleWith('name: orders', 'name: orders\nname: again'),
    ['3:1 name: this field is set twice; remove one'],
  ],
  [
    'a template without quotes',
    exampleWith('account: east', 'account: {{ region }}'),
    ['11:14 find[0].account: YAML: a name must be text; a template must be in quotes'],
  ],
  [
    'text after a template without quotes',
    exampleWith('account: east', 'account: {{ region }}x'),
    ['11:26: YAML: Unexpected scalar at node end; a template must be in quotes'],
  ],
  [
    'an account that is not there',
    exampleWith('account: east', 'account: eats'),
    ['11:14 find[0].account: there is no account "eats"; did you mean "east"?'],
  ],
  [
    'a secret in place of a credential, without showing it',
    exampleWith('credential: azure-east', 'credential: DefaultEndpointsProtocol=https;AccountKey=c2VjcmV0'),
    [
      '9:17 accounts.east.credential: not a valid credential name; ' +
        'use lower-case letters, digits and hyphens; the secret itself belongs on the workers, never in this file',
    ],
  ],
  [
    'a SAS token in an endpoint, without showing it',
    exampleWith(
      'endpoint: https://east.blob.core.windows.net',
      'endpoint: https://east.blob.core.windows.net/?sv=2019&sig=c2VjcmV0',
    ),
    [
      '8:15 accounts.east.endpoint: an endpoint must not have a user, query or fragment; ' +
        'a secret belongs on the workers: name it in `credential`',
    ],
  ],
  [
    'a link-local endpoint',
    exampleWith('endpoint: https://east.blob.core.windows.net', 'endpoint: http://169.254.169.254/'),
    ['8:15 accounts.east.endpoint: it points at a link-local address; use the address of a store'],
  ],
  [
    'an endpoint that is no URL',
    exampleWith('endpoint: https://east.blob.core.windows.net', 'endpoint: east'),
    ['8:15 accounts.east.endpoint: not the URL of a store; write it as https://host or http://host:port/account'],
  ],
  [
    'an account without an endpoint',
    exampleWith('    endpoint: https://east.blob.core.windows.net\n', ''),
    ['8:5 accounts.east.endpoint: it is missing'],
  ],
  [
    'an unknown filter',
    exampleWith('prefix: "{{ tenant }}/{{ month }}/{{ day }}/"', 'prefix: "{{ tenant | upcas }}/{{ month }}"'),
    ['13:26 find[0].prefix: template: unknown filter "upcas"; did you mean "upcase"?'],
  ],
  [
    'an output that is not closed',
    exampleWith('prefix: "{{ tenant }}/{{ month }}/{{ day }}/"', 'prefix: "{{ tenant }}/{{ month /"'),
    ['13:27 find[0].prefix: template: output "{{ month /" not closed'],
  ],
  [
    'two values side by side',
    exampleWith('prefix: "{{ tenant }}/{{ month }}/{{ day }}/"', 'prefix: "{{ tenant month }}/"'),
    ['13:24 find[0].prefix: template: two values stand side by side; write {{ a }}{{ b }}, or a filter after |'],
  ],
  [
    'two values with a comma',
    exampleWith('prefix: "{{ tenant }}/{{ month }}/{{ day }}/"', 'prefix: "{{ tenant, month }}/"'),
    ['13:23 find[0].prefix: template: unexpected ","; write {{ a }}{{ b }}, or a filter after |'],
  ],
  [
    'a comparison with one equals sign',
    exampleWith('prefix: "{{ tenant }}/{{ month }}/{{ day }}/"', `prefix: "{% if tenant = 'a' %}a{% endif %}"`),
    ['13:28 find[0].prefix: template: expected "|" before filter; values are compared with =='],
  ],
  [
    'a tag that reads other templates',
    exampleWith('prefix: "{{ tenant }}/{{ month }}/{{ day }}/"', `prefix: "{% include 'a' %}"`),
    ['13:13 find[0].prefix: template: unknown tag "include"'],
  ],
  [
    'a prefix together with an exact name',
    exampleWith('prefix: "{{ tenant }}/{{ month }}/{{ day }}/"', `prefix: a\n    blob: b`),
    [
      '11:5 find[0]: it has both `prefix` and `blob`; keep one',
      '11:5 find[0]: `match` and `regex` go with `prefix`, not with an exact `blob`; remove one of them',
    ],
  ],
  [
    'neither prefix nor exact name',
    exampleWith('    prefix: "{{ tenant }}/{{ month }}/{{ day }}/"\n', ``),
    ['11:5 find[0]: it has neither `prefix` nor `blob`; give one; prefix: "" lists the whole container'],
  ],
  [
    'a glob together with a regular expression',
    exampleWith('match: "**/*.json.bz2"', `match: "*"\n    regex: '('`),
    [
      '11:5 find[0]: it has both `match` and `regex`; keep one',
      '15:12 find[0].regex: not a regular expression: missing closing )',
    ],
  ],
  [
    'a glob that is not balanced',
    exampleWith('match: "**/*.json.bz2"', `match: "a{b"`),
    ['14:14 find[0].match: braces need alternatives, {a,b}, or a range, {01..31}; write \\{ for the character'],
  ],
  [
    'a pattern that cannot be matched in linear time, with the position in it',
    exampleWith('match: "**/*.json.bz2"', `regex: '^a(?=b)'\n    optional: true`),
    ['14:15 find[0].regex: lookahead and lookbehind are not supported, since patterns are matched in linear time'],
  ],
  [
    'a template in a glob',
    exampleWith('match: "**/*.json.bz2"', `match: "{{ x }}"`),
    ['14:12 find[0].match: a glob is not a template'],
  ],
  [
    'a range that runs backwards',
    exampleWith('day: "01..31"', `day: "31..01"`),
    [
      '16:12 find[0].each.day: the range ends before it begins; ' +
        'write a list, a range as 01..31, or a template that gives a list: "{{ regions | split: \'|\' }}"',
    ],
  ],
  [
    'a range of changing width',
    exampleWith('day: "01..31"', `day: "01..100"`),
    [
      '16:12 find[0].each.day: the ends of the range have different widths; ' +
        'write a list, a range as 01..31, or a template that gives a list: "{{ regions | split: \'|\' }}"',
    ],
  ],
  [
    'a range without end',
    exampleWith('day: "01..31"', `day: "0..999999"`),
    [
      '16:12 find[0].each.day: the range has more than 100000 values; ' +
        'write a list, a range as 01..31, or a template that gives a list: "{{ regions | split: \'|\' }}"',
    ],
  ],
  ['an empty list', exampleWith('day: "01..31"', `day: []`), ['16:12 find[0].each.day: the list is empty']],
  [
    'a number for a variable of each',
    exampleWith('day: "01..31"', `day: 5`),
    ['16:12 find[0].each.day: expected a list, a range, a template or dates'],
  ],
  [
    'a word for a variable of each',
    exampleWith('day: "01..31"', `day: monday`),
    [
      '16:12 find[0].each.day: neither a range nor a template; ' +
        'write a list, a range as 01..31, or a template that gives a list: "{{ regions | split: \'|\' }}"',
    ],
  ],
  ...['unit', 'empty', 'and', 'forloop'].map(
    (name) =>
      [
        `a variable named ${name}`,
        exampleWith('day: "01..31"', `${name}: "01..31"`),
        [
          `16:7 find[0].each.${name}: not a valid variable name; use letters, digits and underscores, starting with ` +
            'a letter; `unit` and the words of the template language are reserved',
        ],
      ] as const,
  ),
  [
    'a lookup with more variables than anybody can follow',
    exampleWith(
      'day: "01..31"',
      `day: [a]\n${Array.from({ length: 10 }, (_, at) => `      v${String(at)}: [a]`).join('\n')}`,
    ),
    ['16:7 find[0].each: there are more than 10 variables'],
  ],
  [
    'dates without an end',
    exampleWith('day: "01..31"', `day: { from: "{{ start }}" }`),
    ['16:12 find[0].each.day: give either `to` or `days`'],
  ],
  [
    'an unknown field of dates',
    exampleWith('day: "01..31"', `day: { from: "{{ start }}", days: 3, stepp: 1d }`),
    ['16:44 find[0].each.day.stepp: unknown field; did you mean "step"?'],
  ],
  [
    'text around a template that gives a list',
    exampleWith('day: "01..31"', `day: "x{{ days | split: '|' }}"`),
    ['16:12 find[0].each.day: template: a list needs a single output; write it as "{{ regions | split: \'|\' }}"'],
  ],
  [
    'an unknown filter in a list',
    exampleWith('day: "01..31"', `day: "{{ days | splt: '|' }}"`),
    ['16:23 find[0].each.day: template: unknown filter "splt"; did you mean "split"?'],
  ],
  [
    'a profile together with a role',
    exampleWith('bucket: archive', `bucket: archive\n  profile: a\n  roleArn: arn:aws:iam::1:role/x`),
    ['18:3 target: it has both `profile` and `roleArn`; keep one'],
  ],
  [
    'a control prefix that is no address',
    exampleWith('bucket: archive', `bucket: archive\n  control: archive/x`),
    ['19:12 target.control: not a control prefix; write it as s3://bucket/prefix'],
  ],
  [
    'tags and metadata that S3 cannot hold',
    exampleWith('bucket: archive', `bucket: archive\n  tags: { a: [1] }\n  metadata: { longhaul-x: 1 }`),
    [
      '19:14 target.tags.a: expected text, not a list',
      '20:15 target.metadata.longhaul-x: not a valid name for metadata; ' +
        'use lower-case letters, digits, dots, hyphens and underscores, not starting with longhaul-',
    ],
  ],
  [
    'a key id with AES256',
    exampleWith('bucket: archive', `bucket: archive\n  encryption: { type: AES256, keyId: k }`),
    ['19:15 target.encryption: `keyId` goes with aws:kms, not with AES256'],
  ],
  [
    'a bucket key with AES256',
    exampleWith('bucket: archive', `bucket: archive\n  encryption: { type: AES256, bucketKey: true }`),
    ['19:15 target.encryption: `bucketKey` goes with aws:kms, not with AES256'],
  ],
  [
    'a bucket key with two layers of encryption',
    exampleWith('bucket: archive', `bucket: archive\n  encryption: { type: aws:kms:dsse, bucketKey: false }`),
    ['19:15 target.encryption: `bucketKey` goes with aws:kms, not with aws:kms:dsse'],
  ],
  [
    'an encoding of objects that are not compressed',
    exampleWith('bucket: archive', 'bucket: archive\n  contentEncoding: gzip') + 'transform: { compress: none }\n',
    [
      '19:20 target.contentEncoding: the objects are not gzip: transform.compress is none; ' +
        'remove it, or compress the objects',
    ],
  ],
  [
    'contradictions in expect',
    exampleWith('name: orders', `name: orders\nexpect: { blobs: 1, min: 2, sequence: 'a' }`),
    [
      '3:9 expect: `blobs` is the exact number; it cannot be combined with `min` or `max`',
      "3:39 expect.sequence: it needs exactly one group, for the number; write it as '-(\\d+)\\.json\\.bz2$'",
    ],
  ],
  [
    'an empty find and an unknown section',
    exampleWith('find:\n', `find: []\nfindd:\n`),
    ['10:7 find: there is no lookup', '11:1 findd: unknown field; did you mean "find"?'],
  ],
  [
    'no account at all',
    exampleWith(
      'accounts:\n  east:\n    endpoint: https://east.blob.core.windows.net\n    credential: azure-east',
      `accounts: {}`,
    ),
    ['6:11 accounts: there is no account; define at least one'],
  ],
  [
    'an account with a blank in its name',
    exampleWith('  east:\n', `  "ea st":\n`),
    ['7:3 accounts.ea st: not a valid account name; use up to 63 letters, digits, hyphens and underscores'],
  ],
  ['an empty file', '', ['1:1: the file is empty; `longhaul init` writes an example']],
  ['a list in place of the file', '- a', ['1:1: expected fields, not a list']],
  [
    'YAML that is not closed',
    'a: [',
    ['1:5: YAML: Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ],
  [
    'a merge key, which YAML 1.2 does not have',
    exampleWith('credential: azure-east', `credential: azure-east\n    <<: {a: 1}`),
    ['10:5 accounts.east.<<: unknown field; known: endpoint, credential, requestsPerSecond'],
  ],
  [
    'an external id without a role',
    exampleWith('bucket: archive', 'bucket: archive\n  externalId: x'),
    ['18:3 target: `externalId` goes with `roleArn`'],
  ],
  [
    'a region, a role and a storage class that are none',
    exampleWith('bucket: archive', 'bucket: archive\n  region: Frankfurt\n  roleArn: admin\n  storageClass: cold'),
    [
      '19:11 target.region: not a region; write it as eu-central-1',
      '20:12 target.roleArn: not the ARN of a role; write it as arn:aws:iam::123456789012:role/name',
      '21:17 target.storageClass: not a storage class of AWS; known: STANDARD, STANDARD_IA, ONEZONE_IA, ' +
        'INTELLIGENT_TIERING, REDUCED_REDUNDANCY, GLACIER_IR, GLACIER, DEEP_ARCHIVE, EXPRESS_ONEZONE, OUTPOSTS',
    ],
  ],
  [
    'a storage class of another store that is not written like one',
    exampleWith('bucket: archive', 'bucket: archive\n  endpoint: https://s3.example\n  storageClass: cold'),
    ['20:17 target.storageClass: not a storage class; write it as STANDARD_IA'],
  ],
  [
    'a word of the template language for a column',
    exampleWith('key: "orders/{{ tenant }}', 'key: "orders/{{ empty }}'),
    [
      '19:19 target.key: template: "empty" is a word of the template language; ' +
        'give the column or variable another name',
    ],
  ],
  [
    'a glob of too many alternatives',
    exampleWith('match: "**/*.json.bz2"', `match: "${'{a,b,c,d}'.repeat(6)}"`),
    ['14:12 find[0].match: it has more than 1000 alternatives; use `each`, or several lookups'],
  ],
  [
    'a glob with a named class',
    exampleWith('match: "**/*.json.bz2"', 'match: "[[:digit:]]"'),
    ['14:14 find[0].match: named classes are not supported; write the characters, as in [a-z]'],
  ],
  [
    'a regular expression that is too large',
    exampleWith('match: "**/*.json.bz2"', `regex: "${'(?:[a-z]{500})'.repeat(60)}"`),
    ['14:12 find[0].regex: it is too large; use fewer or smaller repetitions'],
  ],
  [
    'a character that YAML keeps for itself',
    exampleWith('name: orders', 'name: @orders'),
    ['2:7: YAML: Plain value cannot start with reserved character @; put the text in quotes'],
  ],
  [
    'a tab',
    exampleWith('  key: "orders', '\tkey: "orders'),
    ['19:1: YAML: Tabs are not allowed as indentation; indent with spaces'],
  ],
  [
    'an alias of nothing',
    exampleWith('name: orders', 'name: *nobody'),
    ['2:7 name: YAML: there is no anchor "nobody"'],
  ],
  [
    'a name that would be no field of an object',
    exampleWith('  bucket: archive', '  bucket: archive\n  __proto__: 1'),
    ['19:14 target.__proto__: this name cannot be used'],
  ],
  [
    'a template that follows an escape',
    exampleWith('key: "orders', `key: "\\torders{{ | }}`),
    ['19:8 target.key: template: invalid value expression: "|"'],
  ],
];

describe('a migration file with something wrong in it', () => {
  it.each(badFiles)('is refused: %s', (_, text, messages) => {
    expect(() => parseDefinition(text, 'migration.yaml')).toThrow(DefinitionProblems);
    expect(messagesOf(text)).toEqual(messages.map((message) => `migration.yaml:${message}`));
  });
});

function messagesOf(text: string): readonly string[] {
  try {
    parseDefinition(text, 'migration.yaml');
    return [];
  } catch (error) {
    return error instanceof DefinitionProblems
      ? error.problems.map((problem) => formatProblem('migration.yaml', problem))
      : [String(error)];
  }
}
