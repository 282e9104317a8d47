import { describe, expect, it } from 'vitest';
import { blobLabel, listedBytes, manifestText, type SourceBlob } from '../../../src/domain/manifest.js';

const transform = {
  decompress: 'bzip2',
  trailingGarbage: 'fail',
  onCorrupt: 'fail',
  join: 'concat',
  compress: 'gzip',
  level: 'standard',
} as const;
const blob: SourceBlob = { account: 'east', container: 'events', name: 'a', etag: '"1"', bytes: 10, md5: null };
const other: SourceBlob = { ...blob, name: 'b', bytes: 5 };
const text = manifestText([blob, other], transform);

describe('manifestText', () => {
  it('is a stored format: a line for the transform and one a blob', () => {
    expect(text).toBe(
      '["bzip2","fail","fail","concat","gzip","standard"]\n' +
        '["east","events","a","\\"1\\"",10]\n' +
        '["east","events","b","\\"1\\"",5]\n',
    );
  });

  it.each([
    ['account', { account: 'west' }],
    ['container', { container: 'other' }],
    ['name', { name: 'c' }],
    ['ETag', { etag: '"2"' }],
    ['size', { bytes: 11 }],
  ])('differs when the %s of a blob does', (_, change) => {
    expect(manifestText([{ ...blob, ...change }, other], transform)).not.toBe(text);
  });

  it('differs when the order or the number of blobs does', () => {
    expect(manifestText([other, blob], transform)).not.toBe(text);
    expect(manifestText([blob], transform)).not.toBe(text);
  });

  it.each(Object.keys(transform))('differs when %s does', (field) => {
    expect(manifestText([blob, other], { ...transform, [field]: 'x' })).not.toBe(text);
  });

  it('omits the MD5 and the cross-check, which change no byte', () => {
    expect(manifestText([{ ...blob, md5: 'abc' }, other], transform)).toBe(text);
    const checked = { ...transform, crossCheck: { decode: 1, encode: 1 } };
    expect(manifestText([blob, other], checked)).toBe(text);
  });

  it('cannot be made equal by names that hold line ends', () => {
    const tricky = { ...blob, name: 'a","x",1]\n["east' };
    expect(manifestText([tricky], transform).split('\n')).toHaveLength(3);
  });
});

describe('blobLabel and listedBytes', () => {
  it('name a blob and sum listed bytes', () => {
    expect(blobLabel(blob)).toBe('east/events/a');
    expect(listedBytes([blob, other])).toBe(15);
    expect(listedBytes([])).toBe(0);
  });
});
