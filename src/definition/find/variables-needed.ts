import type { EachDefinition, LookupDefinition } from '../../domain/definition.js';
import { compileTemplate, compileValue } from '../templates/compile-template.js';

/** Returns the part of `each` that some templates depend on, directly or through other variables, in the same order. */
export function variablesNeeded(
  each: LookupDefinition['each'],
  templates: readonly string[],
): LookupDefinition['each'] {
  const needed = new Set(templates.flatMap((text) => firstSegments(compileTemplate(text))));
  // Backwards, since a variable sees only those before it.
  const kept = Object.entries(each)
    .toReversed()
    .filter(([name, definition]) => {
      if (!needed.has(name)) return false;
      for (const used of variablesOfEach(definition)) needed.add(used);
      return true;
    });
  return Object.fromEntries(kept.toReversed());
}

/** Returns the names of the variables that the values of an `each` variable depend on. */
export function variablesOfEach(each: EachDefinition): readonly string[] {
  if (each.kind === 'template') return firstSegments(compileValue(each.template));
  if (each.kind !== 'dates') return [];
  return [each.from, each.to ?? '', each.days ?? ''].flatMap((text) => firstSegments(compileTemplate(text)));
}

function firstSegments({
  variables,
}: {
  readonly variables: readonly { readonly segments: readonly string[] }[];
}): readonly string[] {
  return variables.flatMap(({ segments }) => segments.slice(0, 1));
}
