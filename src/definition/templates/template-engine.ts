import { Liquid } from 'liquidjs';
import { slice, templateFilters } from './template-filters.js';

/** Bounds of one rendering: values made and steps taken. A template of a unit needs a few dozen; none is by time, so that a slow machine renders the same. */
export const renderBounds = { memoryLimit: 1_000_000, templateLimit: 100_000 };

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
    memoryLimit: renderBounds.memoryLimit,
  });
  for (const tag of tagsRefused) Reflect.deleteProperty(engine.tags, tag);
  for (const filter of filtersRefused) engine.unregisterFilter(filter);
  for (const [name, filter] of Object.entries({ ...templateFilters, slice })) engine.registerFilter(name, filter);
  return engine;
}
