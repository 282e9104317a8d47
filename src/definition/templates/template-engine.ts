import { Liquid } from 'liquidjs';
import { CountedFor } from './counted-for.js';
import { slice, templateFilters } from './template-filters.js';

/**
 * Most characters and list elements that one rendering may create: a few times the longest line, and less than a
 * second of loops. The bound is not one of time, so that a slow or suspended machine renders the same.
 */
export const renderMemoryMax = 250_000;

/** Most characters of one template. */
const templateCharactersMax = 65_536;

// A migration file is self-contained: no template reads another one.
const tagsRefused = ['include', 'render', 'layout', 'block', 'tablerow'];

// Their results change from call to call, or with the time zone of the machine.
const filtersRefused = ['sample', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string'];

/**
 * Creates a strict Liquid engine with Longhaul's filters. With `keepsValues`, a lone output evaluates to its value
 * instead of text.
 */
export function createTemplateEngine({ keepsValues }: { readonly keepsValues: boolean }): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    keepOutputType: keepsValues,
    timezoneOffset: 0,
    locale: 'en-US',
    templates: {},
    parseLimit: templateCharactersMax,
    memoryLimit: renderMemoryMax,
  });
  for (const tag of tagsRefused) Reflect.deleteProperty(engine.tags, tag);
  engine.registerTag('for', CountedFor);
  for (const filter of filtersRefused) engine.unregisterFilter(filter);
  for (const [name, filter] of Object.entries({ ...templateFilters, slice })) engine.registerFilter(name, filter);
  return engine;
}
