import { describe, expect, it } from 'vitest';
import { listLicenceProblems } from '../../../../scripts/lib/packages/licence-problems.mjs';
import { listLockProblems } from '../../../../scripts/lib/packages/lock-problems.mjs';
import { missingPackages } from '../../../../scripts/lib/packages/missing-packages.mjs';
import { listShippedPackages } from '../../../../scripts/lib/packages/shipped-packages.mjs';

describe('installed packages', () => {
  const wanted = {
    packages: {
      '': {},
      'node_modules/zod': { version: '4.0.0', integrity: 'sha512-a' },
      'node_modules/only-on-windows': { version: '1.0.0', optional: true },
    },
  };

  it('are complete when all that is locked is there, save what is optional', () => {
    expect(missingPackages(wanted, { packages: { 'node_modules/zod': wanted.packages['node_modules/zod'] } })).toBe(
      undefined,
    );
  });

  it.each([
    ['none are installed yet', undefined],
    ['zod is missing', {}],
    ['zod is not at 4.0.0', { 'node_modules/zod': { version: '3.9.0', integrity: 'sha512-a' } }],
    ['zod is not at 4.0.0', { 'node_modules/zod': { version: '4.0.0', integrity: 'sha512-b' } }],
    [
      'left-over is no longer in the lock',
      { 'node_modules/zod': wanted.packages['node_modules/zod'], 'node_modules/left-over': { version: '1.0.0' } },
    ],
  ])('are not complete: %s', (reason, packages) => {
    expect(missingPackages(wanted, packages && { packages })).toBe(reason);
  });
});

describe('the lock', () => {
  const right = {
    '': { dependencies: { '@temporalio/client': '1.24.0' } },
    'node_modules/@temporalio/client': { version: '1.24.0' },
    'node_modules/@temporalio/proto': { version: '1.24.0' },
    'node_modules/protobufjs': { version: '8.8.1' },
    'node_modules/@grpc/proto-loader/node_modules/protobufjs': { version: '7.6.6' },
  };

  it('is right with one version of Temporal, one protobufjs 8, no host, and all platforms', () => {
    expect(listLockProblems(JSON.stringify({ packages: right }))).toEqual([]);
  });

  it('is right when an optional package is anywhere it would be found', () => {
    const packages = {
      ...right,
      'node_modules/@a/b/node_modules/bundler': {
        optionalDependencies: { 'x-1': '1.0.0', 'x-2': '1.0.0', '@x/3': '1' },
      },
      'node_modules/@a/b/node_modules/bundler/node_modules/x-1': {},
      'node_modules/@a/b/node_modules/x-2': {},
      'node_modules/@x/3': {},
    };
    expect(listLockProblems(JSON.stringify({ packages }))).toEqual([]);
  });

  it.each([
    ['several versions', { 'node_modules/@temporalio/proto': { version: '1.23.0' } }],
    ['several versions', { 'node_modules/x/node_modules/@temporalio/client': { version: '1.23.0' } }],
    ['name one exact version', { '': { dependencies: { '@temporalio/client': '^1.24.0' } } }],
    ['Expected one protobufjs 8.x', { 'node_modules/protobufjs': { version: '7.6.6' } }],
    ['Expected one protobufjs 8.x', { 'node_modules/@temporalio/proto/node_modules/protobufjs': { version: '8.8.1' } }],
    [
      'lacks 1 packages that node_modules/bundler has for other platforms (bundler-windows',
      {
        'node_modules/bundler': { optionalDependencies: { 'bundler-linux': '1.0.0', 'bundler-windows': '1.0.0' } },
        'node_modules/bundler-linux': { version: '1.0.0' },
      },
    ],
    ['names download hosts', { 'node_modules/zod': { resolved: 'https://registry.example/zod.tgz' } }],
  ])('is wrong: %s', (problem, change) => {
    expect(listLockProblems(JSON.stringify({ packages: { ...right, ...change } }))).toEqual([
      expect.stringContaining(problem),
    ]);
  });
});

describe('the shipped packages', () => {
  it('are those that npm installs, and the bundled SDKs with all that they need', () => {
    const packages = {
      '': {},
      'node_modules/zod': {},
      'node_modules/tool': { dev: true, dependencies: { parser: '1' } },
      'node_modules/parser': { dev: true },
      'node_modules/@cloud/sdk': {
        dev: true,
        dependencies: { '@cloud/core': '1', shared: '1' },
        optionalDependencies: { 'not-locked': '1' },
      },
      'node_modules/@cloud/core': { dev: true, dependencies: { '@cloud/sdk': '1', shared: '2' } },
      'node_modules/@cloud/core/node_modules/shared': { dev: true, dependencies: { zod: '1' } },
      'node_modules/shared': { dev: true },
    };
    expect(listShippedPackages(JSON.stringify({ packages }), ['@cloud/sdk'])).toEqual([
      'node_modules/@cloud/core',
      'node_modules/@cloud/core/node_modules/shared',
      'node_modules/@cloud/sdk',
      'node_modules/shared',
      'node_modules/zod',
    ]);
  });
});

describe('a licence', () => {
  it.each(['MIT', 'Apache-2.0 AND MIT', '(GPL-3.0-only OR MIT)'])('%s is allowed', (license) => {
    expect(listLicenceProblems([{ name: 'a', version: '1.0.0', license }])).toEqual([]);
  });

  it.each(['GPL-3.0-only', 'MIT AND GPL-3.0-only', 'UNLICENSED', undefined, { type: 'MIT' }])(
    '%s is refused until somebody has read it',
    (license) => {
      expect(listLicenceProblems([{ name: 'a', version: '1.0.0', license }])).toHaveLength(1);
    },
  );
});
