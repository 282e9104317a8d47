import type { LookupDefinition } from '../../domain/definition.js';
import type { RenderedLookup } from '../../domain/rendered-find.js';
import { compileTemplate } from '../templates/compile-template.js';
import type { TemplateContext } from '../templates/template-context.js';
import { TemplateError } from '../templates/template-error.js';
import { compileEach } from './each-combinations.js';
import { nameField } from './name-field.js';
import { nameTest } from './name-test.js';
import { variablesNeeded } from './variables-needed.js';

/** A lookup ready to be rendered. All methods throw a {@link TemplateError} that names the lookup. */
export interface CompiledLookup {
  /** Returns the number of combinations of `each`, after evaluating all its values. */
  count(context: TemplateContext): number;
  /** Renders all combinations. Call `count` first. */
  render(context: TemplateContext): readonly RenderedLookup[];
  /** Renders every account, and the first combination completely. Call `count` first. */
  check(context: TemplateContext): void;
}

/** Compiles the lookup at `position` of `find`. `accounts` are the names that an account may have. */
export function compileLookup(source: {
  readonly lookup: LookupDefinition;
  readonly position: number;
  readonly accounts: ReadonlySet<string>;
}): CompiledLookup {
  const { lookup, position } = source;
  const path = `find[${String(position)}]`;
  const field = (name: 'account' | 'container' | 'prefix' | 'blob') =>
    compileField(`${path}.${name}`, lookup[name] ?? '');
  const fields = {
    account: field('account'),
    container: field('container'),
    prefix: field('prefix'),
    blob: field('blob'),
  };
  const test = nameTest(lookup);
  const combinations = compileEach(lookup.each, `${path}.each`);
  const accountCombinations = compileEach(variablesNeeded(lookup.each, [lookup.account]), `${path}.each`);

  const account = (context: TemplateContext): string => {
    const name = fields.account(context);
    if (source.accounts.has(name)) return name;
    throw new TemplateError(
      `${path}.account renders "${name}", which is not one of the accounts (${[...source.accounts].join(', ')})`,
    );
  };
  const find = (context: TemplateContext): RenderedLookup['find'] => {
    if (lookup.blob !== undefined) return { kind: 'blob', name: blobName(`${path}.blob`, fields.blob(context)) };
    const prefix = fields.prefix(context);
    return { kind: 'prefix', prefix, matches: (name) => name.startsWith(prefix) && test(name.slice(prefix.length)) };
  };
  const render = (context: TemplateContext, combination: number): RenderedLookup => ({
    lookup: position,
    combination,
    account: account(context),
    container: containerName(`${path}.container`, fields.container(context)),
    optional: lookup.optional,
    find: find(context),
  });
  return {
    count: (context) => combinations.count(context),
    render: (context) => Array.from(combinations.contexts(context), render),
    check(context) {
      accountCombinations.count(context);
      for (const combination of accountCombinations.contexts(context)) account(combination);
      for (const first of combinations.contexts(context)) {
        render(first, 0);
        break;
      }
    },
  };
}

function compileField(path: string, text: string): (context: TemplateContext) => string {
  const template = compileTemplate(text);
  return nameField(path, (context) => template.render(context));
}

// The rule of Azure; any other name would come back as a bare 400, weeks into the migration.
function containerName(path: string, name: string): string {
  if (/^(\$root|\$web|\$logs|(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*)$/.test(name)) return name;
  throw new TemplateError(`${path} renders "${name}", which is not the name of a container`);
}

function blobName(path: string, name: string): string {
  if (name !== '' && name.length <= 1_024) return name;
  throw new TemplateError(`${path} renders a name of ${String(name.length)} characters; a blob has 1 to 1024`);
}
