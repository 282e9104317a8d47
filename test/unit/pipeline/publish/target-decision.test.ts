import { describe, expect, it } from 'vitest';
import {
  identityMetadata,
  objectIdentity,
  ownership,
  rawProofOf,
} from '../../../../src/pipeline/publish/object-identity.js';
import type { TargetHead } from '../../../../src/pipeline/publish/object-target.js';
import { decideTarget } from '../../../../src/pipeline/publish/target-decision.js';
import { sha256 } from '../../../support/fakes/memory-migration.js';

const identity = objectIdentity('orders', { id: 'unit-0' }, 'manifest-1');
const head = (metadata: Readonly<Record<string, string>>): TargetHead => ({ etag: '"e"', bytes: 10, metadata });
const ours = head(identityMetadata(identity));
const leftover = head({ ...identityMetadata(identity), 'longhaul-manifest': 'manifest-0' });
const foreigns = {
  'an object without metadata': head({}),
  'an object of another migration': head({ ...ours.metadata, 'longhaul-migration': 'other' }),
  'an object of another unit': head({ ...ours.metadata, 'longhaul-unit': sha256('unit-1') }),
};
const previous = { etag: '"e"', manifest: 'manifest-0', rawBytes: 1, sha256: 's', crc32: 'c' };
const policies = ['never', 'changed', 'always'] as const;

describe('decideTarget', () => {
  it.each(policies)('writes where nothing is, under %s', (overwrite) => {
    expect(decideTarget(undefined, { identity, previous: undefined, overwrite })).toEqual({
      act: 'write',
      condition: { kind: 'absent' },
    });
  });

  it.each(policies)('keeps the very object, under %s', (overwrite) => {
    for (const known of [undefined, previous])
      expect(decideTarget(ours, { identity, previous: known, overwrite })).toEqual({ act: 'keep', head: ours });
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
    expect(identityMetadata(objectIdentity('orders', { id: 'ünit\n' }, 'm'))).toEqual({
      'longhaul-migration': 'orders',
      'longhaul-unit': sha256('ünit\n'),
      'longhaul-manifest': 'm',
    });
    expect(ownership(ours, identity)).toBe('same');
    expect(ownership(leftover, identity)).toBe('other-manifest');
  });

  it('comes with the digests where they are known before the object is made', () => {
    const raw = { bytes: 12, sha256: 'a'.repeat(64), crc32: '0000000c' };
    expect(rawProofOf(head(identityMetadata(identity, raw)))).toEqual(raw);
    expect(rawProofOf(ours)).toBeUndefined();
    expect(rawProofOf(head({ ...identityMetadata(identity, raw), 'longhaul-bytes': '1e3' }))).toBeUndefined();
  });
});
