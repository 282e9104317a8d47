import type { Liquid, Template } from 'liquidjs';
import { checkExpressions } from './check-expressions.js';
import { compileOutputs } from './compile-outputs.js';
import { reservedWords, type ReservedWord } from './reserved-words.js';
import { createTemplateEngine } from './template-engine.js';
import type { TemplateContext } from './template-context.js';
import { toTemplateError } from './to-template-error.js';

/** A variable that a template uses, e.g. `unit.id`, and where. */
export interface TemplateVariable {
  readonly name: string;
  readonly segments: readonly string[];
  readonly offset: number;
}

/** A template that is parsed once and rendered for every unit. Rendering throws {@link TemplateError}. */
export interface CompiledTemplate {
  readonly text: string;
  /** The variables that it needs, on any branch, each once. */
  readonly variables: readonly TemplateVariable[];
  /** The words of the template language that it uses as values, on any branch. */
  readonly words: readonly ReservedWord[];
  render(context: TemplateContext): string;
}

/** A template that is a single output, `{{ … }}`, and evaluates to a value, for example a list. */
export interface CompiledValue extends Pick<CompiledTemplate, 'text' | 'variables' | 'words'> {
  evaluate(context: TemplateContext): unknown;
}

/** Compiles a template that renders text; throws {@link TemplateError} where it is not valid. */
export function compileTemplate(text: string): CompiledTemplate {
  // Most templates of a file are plain text.
  if (!/\{[{%]/.test(text)) return { text, variables: [], words: [], render: () => text };
  const { run, variables, words, templates } = compile(textEngine, text);
  const fast = compileOutputs(templates, textEngine);
  return { text, variables, words, render: (context) => fast?.(context) ?? String(run(context)) };
}

/** Compiles a template that evaluates to a value; throws {@link TemplateError} where it is not valid. */
export function compileValue(text: string): CompiledValue {
  const { run, variables, words } = compile(valueEngine, text.trim());
  return { text, variables, words, evaluate: run };
}

const textEngine = createTemplateEngine({ keepsValues: false });
const valueEngine = createTemplateEngine({ keepsValues: true });

function compile(engine: Liquid, text: string) {
  const templates = parse(engine, text);
  const run = (context: TemplateContext): unknown => {
    try {
      return engine.renderSync(templates, context);
    } catch (error) {
      throw toTemplateError(error, engine, text);
    }
  };
  return { run, variables: variablesOf(engine, templates, text), words: reservedWords(templates), templates };
}

function parse(engine: Liquid, text: string): Template[] {
  try {
    const templates = engine.parse(text);
    checkExpressions(templates);
    return templates;
  } catch (error) {
    throw toTemplateError(error, engine, text);
  }
}

function variablesOf(engine: Liquid, templates: Template[], text: string): readonly TemplateVariable[] {
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const { globals } = engine.analyzeSync(templates, { partials: false });
  const found = new Map<string, TemplateVariable>();
  for (const { segments, location } of Object.values(globals).flat()) {
    // After a segment that is itself a variable, as in a[b], the segments are not known in advance.
    const known = segments.slice(0, segments.findIndex((segment) => typeof segment === 'object') >>> 0).map(String);
    const name = known.join('.');
    const offset = (lineStarts[location.row - 1] ?? 0) + location.col - 1;
    if (!found.has(name)) found.set(name, { name, segments: known, offset });
  }
  return [...found.values()];
}
