import { encode } from '@jridgewell/sourcemap-codec';
import { describe, expect, it } from 'vitest';
import { releaseProblems } from '../../../../scripts/lib/packages/release-problems.mjs';
import { shippedBom } from '../../../../scripts/lib/packages/shipped-bom.mjs';
import { withoutPlace } from '../../../../scripts/lib/without-place.mjs';

describe('the check of a release', () => {
  const complete = {
    manifest: { version: '1.2.0', repository: {}, homepage: 'h', bugs: 'b', author: 'a' },
    changelog: '# Changelog\n\n## Unreleased\n\n## 1.2.0 — 2027-01-31\n',
    recordedFormats: ['1.1.0', '1.2.0'],
    isClean: true,
    tags: ['v1.2.0'],
  };

  it('finds nothing where nothing is missing', () => {
    expect(releaseProblems(complete)).toEqual([]);
  });

  it.each([
    ['private', { manifest: { ...complete.manifest, private: true } }],
    ['"repository"', { manifest: { ...complete.manifest, repository: undefined } }],
    ['1.2.0-dev', { ...complete, manifest: { ...complete.manifest, version: '1.2.0-dev' } }],
    ['CHANGELOG.md', { changelog: '## Unreleased\n' }],
    ['stored formats', { recordedFormats: ['1.1.0'] }],
    ['not committed', { isClean: false }],
    ['tagged', { tags: [''] }],
  ])('names what is missing: %s', (what, missing) => {
    expect(releaseProblems({ ...complete, ...missing }).join('\n')).toContain(what);
  });
});

it('a bundle does not reveal where it was built', () => {
  const bundle = (top: string): string => {
    const sources = { sources: [`${top}/src/a.ts`, 'b'], sourcesContent: [`require("${top}/src/a.ts")`, ''] };
    // The first line comes from after the path in the first source, the second from the other source.
    const mappings = encode([[[0, 0, 0, top.length]], [[0, 1, 7, 0]]]);
    const map = { version: 3, file: `workflow-bundle-${top.length}.js`, ...sources, mappings };
    const data = Buffer.from(JSON.stringify(map)).toString('base64');
    return `code();\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${data}\n`;
  };
  const placeless = withoutPlace(bundle('/home/one'), '/home/one');
  expect(placeless).toBe(withoutPlace(bundle('/srv/elsewhere'), '/srv/elsewhere'));
  expect(Buffer.from(/base64,(.+)/.exec(placeless)?.[1] ?? '', 'base64').toString()).toBe(
    '{"version":3,"file":"workflow-bundle.js","sources":["src/a.ts","b"],' +
      '"sourcesContent":["require(\\"src/a.ts\\")",""],"mappings":";ACOA"}',
  );
});

it('the list of what is in a release has the packages that reach users, and no others', () => {
  const component = (name: string) => ({ 'bom-ref': `${name}@1` });
  const bom = {
    metadata: { component: { 'bom-ref': 'longhaul@1' } },
    components: [component('yaml'), component('vitest'), component('@azure/identity')],
    dependencies: [
      { ref: 'longhaul@1', dependsOn: ['yaml@1', 'vitest@1'] },
      { ref: 'vitest@1', dependsOn: ['yaml@1'] },
    ],
  };
  const lock = {
    packages: {
      '': {},
      'node_modules/yaml': { version: '1' },
      'node_modules/vitest': { version: '1', dev: true },
      'node_modules/@azure/identity': { version: '1', dev: true },
    },
  };
  const shipped = shippedBom(bom, JSON.stringify(lock));
  expect(shipped.components.map((each) => each['bom-ref'])).toEqual(['yaml@1', '@azure/identity@1']);
  expect(shipped.dependencies).toEqual([{ ref: 'longhaul@1', dependsOn: ['yaml@1'] }]);
});
