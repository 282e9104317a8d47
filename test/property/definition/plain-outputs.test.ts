import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../../../src/definition/templates/compile-template.js';
import { createTemplateEngine } from '../../../src/definition/templates/template-engine.js';

const engine = createTemplateEngine({ keepsValues: false });

describe('a template of text and bare variables', () => {
  it('renders as Liquid does, and fails where Liquid does', () => {
    const piece = fc.constantFrom(
      ...[
        '{{ a }}',
        '{{b}}',
        '{{ unit.id }}',
        '{{ unit.index }}',
        '{{ unit }}',
        '{{ a.size }}',
        '{{ nope }}',
        '{{- a }}',
      ],
      ...['{{ 1 }}', '{', '}', '{ {', 'x', '/', ' ', '\n', "{{ 'q' }}", '{{ list }}'],
    );
    const value = fc.oneof(fc.string(), fc.constantFrom('', '{{ a }}', '7'));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), value, value, (pieces, a, b) => {
        const text = pieces.join('');
        const context = { a, b, list: ['x', 'y'], unit: { id: 'i', index: 3 } };
        expect(outcome(() => compileTemplate(text).render(context))).toBe(
          outcome(() => String(engine.renderSync(engine.parse(text), context))),
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

function outcome(render: () => string): string {
  try {
    return `renders ${render()}`;
  } catch {
    return 'fails';
  }
}
