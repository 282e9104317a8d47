import { describe, expect, it } from 'vitest';
import { targetKeyProblem } from '../../../../src/domain/target/target-key.js';

const longest = ['a'.repeat(255), 'b'.repeat(255), 'c'.repeat(255), 'd'.repeat(255), ''].join('/').slice(0, -1);

describe('targetKeyProblem', () => {
  it.each([
    ['plain', 'orders/2024/a.gz'],
    ['one segment', 'a'],
    ['spaces and punctuation', 'a b/%2f/#?&=+/~!.gz'],
    ['dots inside a segment', 'a..b/...c/.d'],
    ['three dots', '.../a'],
    ['emoji and combining marks', '🚀/é/ü'],
    ['255 bytes in a segment', `${'a'.repeat(255)}/b`],
    ['255 bytes of two-byte characters and one', `${'é'.repeat(127)}a`],
    ['1,023 bytes in all', longest],
    ['1,024 bytes in all', `${longest.slice(4)}/${'e'.repeat(4)}`.slice(-1_024)],
    ['a neighbour of the control prefix', '.longhaul-not/a'],
    ['the control prefix further down', 'a/.longhaul/b'],
  ])('accepts %s', (_, key) => {
    expect(targetKeyProblem(key, '.longhaul')).toBeUndefined();
  });

  it.each([
    ['', /empty/],
    ['/a', /empty segment/],
    ['a/', /empty segment/],
    ['a//b', /empty segment/],
    ['.', /segment "\."/],
    ['a/./b', /segment "\."/],
    ['../a', /segment "\.\."/],
    ['a/..', /segment "\.\."/],
    ['a\\b', /backslash/],
    ['a\nb', /control character/],
    ['a\u0000b', /control character/],
    ['a\u007fb', /control character/],
    ['a\u0085b', /control character/],
    ['a\ud800b', /Unicode/],
    ['\udc00', /Unicode/],
    ['a'.repeat(256), /segment has more than 255/],
    ['é'.repeat(128), /segment has more than 255/],
    [`${longest}/e`, /more than 1024/],
    [`${'🚀/'.repeat(204)}abcdef`, /more than 1024/],
    ['.longhaul', /control prefix/],
    ['.longhaul/orders/x', /control prefix/],
  ])('refuses %j', (key, reason) => {
    expect(targetKeyProblem(key, '.longhaul')).toMatch(reason);
  });

  it('keeps out of no control prefix when the control objects are in another bucket', () => {
    expect(targetKeyProblem('.longhaul/orders/x')).toBeUndefined();
  });
});
