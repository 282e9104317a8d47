import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkExpressions } from '../../../src/definition/templates/check-expressions.js';
import { compileTemplate } from '../../../src/definition/templates/compile-template.js';
import type { TemplateContext } from '../../../src/definition/templates/template-context.js';
import { createTemplateEngine } from '../../../src/definition/templates/template-engine.js';
import { toTemplateError } from '../../../src/definition/templates/to-template-error.js';

const engine = createTemplateEngine({ keepsValues: false });

// Those that are compiled, and some that are not.
const filterNames = [
  ...['hash', 'mod', 'pad', 'days_in_month', 'date', 'slice', 'upcase', 'downcase', 'append', 'prepend', 'remove'],
  ...['replace', 'strip', 'lstrip', 'rstrip', 'plus', 'minus', 'times', 'split', 'first', 'size', 'default', 'escape'],
];

describe('a template of text, variables and filters', () => {
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
      ...[
        '{{ 1 }}',
        '{',
        '}',
        '{ {',
        'x',
        '/',
        ' ',
        '\n',
        "{{ 'q' }}",
        '{{ list }}',
        '{{ long }}',
        '{% raw %}{{ a }}{% endraw %}',
      ],
    );
    const argument = fc.constantFrom(
      '0',
      '4',
      '-2',
      '16',
      '2.5',
      "'md5'",
      "'sha256'",
      "'%Y/%m'",
      "'-'",
      "''",
      'b',
      'nope',
      'list',
      'true',
    );
    const filter = fc
      .tuple(fc.constantFrom(...filterNames), fc.array(argument, { maxLength: 3 }))
      .map(([name, values]) => ` | ${name}${values.length === 0 ? '' : `: ${values.join(', ')}`}`);
    const filtered = fc
      .tuple(
        fc.constantFrom('a', 'b', 'unit.id', 'unit.index', 'long', 'list', 'nope', "'2024-02-03'"),
        fc.array(filter, { minLength: 1, maxLength: 4 }),
      )
      .map(([name, filters]) => `{{ ${name}${filters.join('')} }}`);
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('', '{{ a }}', '7', '-12', '2024-02-03', '0123456789abcdef0123456789abcdef'),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, filtered), { maxLength: 6 }), value, value, (pieces, a, b) => {
        const text = pieces.join('');
        const context = { a, b, list: ['x', 'y'], long: 'x'.repeat(60_000), unit: { id: 'i', index: 3 } };
        expect(outcome(() => compileTemplate(text).render(context))).toBe(
          outcome(() => renderWithLiquid(text, context)),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('makes no more text than Liquid lets a template make', () => {
    const template = compileTemplate('{{ a | append: a | append: a | append: a }}');
    expect(template.render({ a: 'x'.repeat(27_000) })).toHaveLength(108_000);
    expect(() => template.render({ a: 'x'.repeat(28_000) })).toThrow('it makes too much text');
  });
});

/** As `compileTemplate` does where nothing is compiled. */
function renderWithLiquid(text: string, context: TemplateContext): string {
  try {
    const templates = engine.parse(text);
    checkExpressions(templates);
    return String(engine.renderSync(templates, context));
  } catch (error) {
    throw toTemplateError(error, engine, text);
  }
}

function outcome(render: () => string): string {
  try {
    return `renders ${render()}`;
  } catch (error) {
    return `fails: ${error instanceof Error ? error.message : String(error)}`;
  }
}
