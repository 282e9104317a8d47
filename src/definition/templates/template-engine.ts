import { Liquid } from 'liquidjs';
import { slice, templateFilters } from './template-filters.js';

/**
 * Characters and list elements that one rendering may make: a few times the longest line, and less than a second of loops. It is not a bound of
 * time, so that a slow or suspended machine renders the same.
 */
const renderMemoryMax = 250_000;

/** Characters that one template may have. */
const templateCharactersMax = 65_536;

// Other templates and files are out of reach: a migration file stands for itself.
const tagsRefused = ['include', 'render', 'layout', 'block'];

// Another result each time, or by the machine's time zone.
const filtersRefused = ['sample', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string'];

/** Makes a strict Liquid engine with Longhaul's filters. With `keepsValues` a lone output gives its value instead of text. */
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
  for (const filter of filtersRefused) engine.unregisterFilter(filter);
  for (const [name, filter] of Object.entries({ ...templateFilters, slice })) engine.registerFilter(name, filter);
  return engine;
}
