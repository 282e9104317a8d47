import { LiquidError, type Liquid } from 'liquidjs';
import { didYouMean } from '../nearest-name.js';
import { TemplateError } from './template-error.js';

/** Converts an error of Liquid, with the offset where Liquid knows it. */
export function toTemplateError(error: unknown, engine: Liquid, text: string): TemplateError {
  if (error instanceof TemplateError) return error;
  if (!(error instanceof Error)) return new TemplateError(String(error));
  const offset = LiquidError.is(error) ? error.token.begin : undefined;
  const original = LiquidError.is(error) ? error.originalError : undefined;
  // Thrown by one of our own filters inside Liquid.
  if (original instanceof TemplateError) return new TemplateError(original.message, offset, original.hint);

  const message = (original ?? error).message.replace(/, line:\d+, col:\d+$/, '');
  const limit = limits.find(([words]) => message.includes(words))?.[1];
  if (limit !== undefined) return new TemplateError(limit, offset);
  const [, kind, name] = /^(undefined filter|undefined variable): (.+)$/.exec(message) ?? [];
  if (kind === 'undefined filter' && name !== undefined) {
    const hint = didYouMean(name, Object.keys(engine.filters));
    return new TemplateError(`unknown filter "${name}"`, filterOffset(text, name, offset), shortened(hint));
  }
  if (name !== undefined) return new TemplateError(`unknown variable "${name}"`, offset);
  const tag = /^tag "(.+)" not found$/.exec(message)?.[1];
  if (tag !== undefined) {
    return new TemplateError(`unknown tag "${tag}"`, offset, shortened(didYouMean(tag, Object.keys(engine.tags))));
  }
  const isComparison = offset !== undefined && /(^|[^=!<>])=[^=]/.test(text.slice(Math.max(0, offset - 2), offset + 2));
  return new TemplateError(message, offset, isComparison ? 'values are compared with ==' : undefined);
}

const limits: readonly (readonly [words: string, message: string])[] = [
  ['memory alloc limit exceeded', 'it makes too much text, or its loops take too many steps'],
  ['parse length limit exceeded', 'the template is too long'],
  ['Maximum call stack size exceeded', 'it is nested too deeply'],
];

// Names of filters are identifiers, so there is nothing to escape.
function filterOffset(text: string, name: string, offset = 0): number {
  const found = text.slice(offset).search(new RegExp(String.raw`\|\s*${name}\b`));
  return found < 0 ? offset : text.indexOf(name, offset + found);
}

// A list of eighty filters would help nobody.
const shortened = (hint: string): string | undefined => (hint.length > 120 ? undefined : hint);
