import { describe, expect, it } from 'vitest';
import {
  identityMetadata,
  objectIdentity,
  ownership,
  writtenByMetadata,
} from '../../../../src/pipeline/publish/object-identity.js';
import type { TargetHead } from '../../../../src/pipeline/publish/object-target.js';
import { decideTarget } from '../../../../src/pipeline/publish/target-decision.js';
import { sha256 } from '../../../support/fakes/memory-migration.js';

const identity = objectIdentity({ name: 'orders', id: 'id-1' }, { id: 'unit-0' }, 'manifest-1');
const head = (metadata: Readonly<Record<string, string>>): TargetHead => ({ etag: '"e"', bytes: 10, metadata });
const ours = head(identityMetadata(identity));
const leftover = head({ ...identityMetadata(identity), 'longhaul-manifest': 'manifest-0' });
const foreigns = {
  'an object without metadata': head({}),
  'an object of another migration': head({ ...ours.metadata, 'longhaul-migration': 'other' }),
  'an object of another unit': head({ ...ours.metadata, 'longhaul-unit': sha256('unit-1') }),
  'an object that another migration of this name made of other blobs': head({
    ...leftover.metadata,
    'longhaul-id': 'id-2',
  }),
};
const previous = { etag: '"e"', manifest: 'manifest-0', rawBytes: 1, sha256: 's', crc32: 'c' };
const policies = ['never', 'changed', 'always'] as const;

describe('decideTarget', () => {
  it.each(policies)('writes when there is no object, under %s', (overwrite) => {
    expect(decideTarget(undefined, { identity, previous: undefined, overwrite })).toEqual({
      act: 'write',
      condition: { kind: 'absent' },
    });
  });

  it.each(policies)('keeps the very object, under %s, and replaces it when it is not whole', (overwrite) => {
    for (const known of [undefined, previous])
      expect(decideTarget(ours, { identity, previous: known, overwrite })).toEqual({
        act: 'keep',
        head: ours,
        ifNotWhole: { act: 'write', condition: { kind: 'etag', etag: '"e"' } },
      });
  });

  it.each([
    ['never', 'refuse'],
    ['changed', 'refuse'],
    ['always', 'write'],
  ] as const)('under %s decides to %s when the very object is by another migration and not whole', (overwrite, act) => {
    const theirs = head({ ...ours.metadata, 'longhaul-id': 'id-2' });
    const decision = decideTarget(theirs, { identity, previous: undefined, overwrite });
    expect(decision).toMatchObject({ act: 'keep', ifNotWhole: { act } });
  });

  it.each(policies)('replaces its own leftover that no receipt vouches for, under %s', (overwrite) => {
    for (const known of [undefined, { ...previous, etag: '"other"' }])
      expect(decideTarget(leftover, { identity, previous: known, overwrite })).toEqual({
        act: 'write',
        condition: { kind: 'etag', etag: '"e"' },
      });
  });

  it.each([
    ['never', 'refuse'],
    ['changed', 'write'],
    ['always', 'write'],
  ] as const)('under %s decides to %s about the object of an earlier round', (overwrite, act) => {
    expect(decideTarget(leftover, { identity, previous, overwrite }).act).toBe(act);
  });

  it.each(Object.entries(foreigns))('never replaces %s unless always', (_, foreign) => {
    for (const known of [undefined, previous]) {
      expect(decideTarget(foreign, { identity, previous: known, overwrite: 'never' }).act).toBe('refuse');
      expect(decideTarget(foreign, { identity, previous: known, overwrite: 'changed' }).act).toBe('refuse');
      expect(decideTarget(foreign, { identity, previous: known, overwrite: 'always' })).toEqual({
        act: 'write',
        condition: { kind: 'etag', etag: '"e"' },
      });
    }
  });
});

describe('the identity of an object', () => {
  it('is in its metadata, where the id of the unit is hashed because ids are not ASCII', () => {
    expect(identityMetadata(objectIdentity({ name: 'orders', id: 'id-1' }, { id: 'ünit\n' }, 'm'))).toEqual({
      'longhaul-migration': 'orders',
      'longhaul-id': 'id-1',
      'longhaul-unit': sha256('ünit\n'),
      'longhaul-manifest': 'm',
    });
    expect(ownership(ours, identity)).toBe('same');
    expect(ownership(leftover, identity)).toBe('other-manifest');
  });

  it('comes with the digests when they are known before the object is made', () => {
    const raw = { bytes: 12, sha256: 'a'.repeat(64), crc32: '0000000c' };
    const written = { raw, object: { bytes: 9, crc32: 'AAAADA==' } };
    expect(writtenByMetadata(head(identityMetadata(identity, written)))).toEqual(written);
    expect(writtenByMetadata(ours)).toBeUndefined();
    const damaged = { ...identityMetadata(identity, written), 'longhaul-object-bytes': '1e3' };
    expect(writtenByMetadata(head(damaged))).toBeUndefined();
  });
});
