import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unitContext } from '../../../../src/definition/units/unit-context.js';
import { createUnitRenderer } from '../../../../src/definition/units/unit-renderer.js';
import { Failure } from '../../../../src/domain/failure.js';
import { smallDefinition } from '../../../support/fakes/memory-migration.js';

const control = '.longhaul';
const piece = fc.constantFrom(
  ...['{{ a }}', '{{ b }}', '{{ unit.id }}', '{{ unit.index | pad: 3 }}', '{{ a | upcase }}', '{{ a | slice: 0, 2 }}'],
  ...["{{ b | hash: 'md5' }}", "{{ a | replace: 'x', '/' }}", "{{ a | split: '/' | last }}", '/', '.', '.longhaul'],
  ...['orders', '-', '.gz'],
);
const value = fc.oneof(
  fc.constantFrom('', '.', '..', '/', '//', 'a/', '/a', '../a', '.longhaul', '.longhaul/x', '\\', '\u0000', '\u0085'),
  fc.constantFrom(
    'x',
    'acme',
    'Zürich',
    '🚀',
    '\ud83d',
    '\udc00x',
    'longhaul',
    '€'.repeat(85),
    '€'.repeat(86),
    'y'.repeat(255),
  ),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);

it('a template renders a key that keeps all the rules, or no key at all', () => {
  let valid = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 7 }), value, value, (pieces, a, b) => {
      const base = smallDefinition();
      const target = { ...base.target, key: pieces.join(''), control: { bucket: base.target.bucket, prefix: control } };
      const renderer = createUnitRenderer({ units: base.units, target });
      try {
        const key = renderer.key(unitContext({ fields: { a, b }, index: 7, id: 'u7' }));
        expect(rulesBrokenBy(key)).toEqual([]);
        valid += 1;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        expect(error.failureClass).toBe('ConfigError/Key');
        // The message quotes the key that was refused, if it is short.
        const [, quoted] = /renders ("(?:[^"\\]|\\.)*")/.exec(error.message) ?? [];
        const key = JSON.parse(quoted ?? '""') as string;
        if (!key.endsWith('…')) expect(rulesBrokenBy(key)).not.toEqual([]);
        refused += 1;
      }
    }),
    { numRuns: 1_200 },
  );
  expect(Math.min(valid, refused)).toBeGreaterThan(100);
});

/** The rules for keys as docs/migration-file.md has them. */
function rulesBrokenBy(key: string): readonly string[] {
  const bytes = Buffer.from(key);
  const segments = key.split('/');
  const rules: Readonly<Record<string, boolean>> = {
    'it is valid Unicode': bytes.toString() === key,
    'it has at most 1,024 bytes': bytes.length <= 1_024,
    'it has no control character': !Array.from(key, (one) => one.charCodeAt(0)).some(
      (code) => code < 32 || (code >= 127 && code < 160),
    ),
    'it has no backslash': !key.includes('\\'),
    'its segments have 1 to 255 bytes': segments.every((one) => one !== '' && Buffer.byteLength(one) <= 255),
    'no segment is . or ..': !segments.includes('.') && !segments.includes('..'),
    'it is not below the control prefix': segments[0] !== control,
  };
  return Object.keys(rules).filter((rule) => !rules[rule]);
}
