import { z } from 'zod';
import { didYouMean } from '../nearest-name.js';
import { accountsSchema } from './accounts-schema.js';
import { expectSchema } from './expect-schema.js';
import { findSchema } from './find-schema.js';
import { limitsSchema } from './limits-schema.js';
import { evenIfWrong, section } from './section.js';
import { speedSchema } from './speed-schema.js';
import { targetSchema } from './target/target-schema.js';
import { transformSchema } from './transform-schema.js';
import { migrationName, unitsSchema } from './units-schema.js';

/** The whole migration file. Its output has every default filled in, sizes in bytes and durations in milliseconds. */
export const migrationSchema = section({
  version: z.literal(1).describe('The version of this format: 1'),
  name: migrationName.describe(
    'Names the migration everywhere: in the workflow, the control prefix and the command line',
  ),
  units: unitsSchema,
  accounts: accountsSchema,
  find: findSchema,
  order: z
    .enum(['name', 'natural', 'lookup', 'lastModified'])
    .describe(
      'The order in which the blobs of a unit are joined. `name`: by the bytes of their names, over all lookups. ' +
        '`natural`: the same, with runs of digits compared as numbers (`p-2` before `p-10`). ' +
        '`lookup`: lookup after lookup, by name within each. `lastModified`: oldest first. ' +
        'Ties are broken by name, lookup, combination of `each`, account and container',
    )
    .default('name'),
  expect: expectSchema.default({}),
  whenEmpty: z
    .enum(['fail', 'skip', 'write-empty'])
    .describe(
      'What happens to a unit without blobs: `fail` it with `EmptyUnit`, `skip` it with a receipt and no object, or ' +
        '`write-empty`, a compressed object of no bytes',
    )
    .default('fail'),
  transform: transformSchema.prefault({}),
  target: targetSchema,
  limits: limitsSchema.prefault({}),
  speed: speedSchema.prefault({}),
})
  .superRefine(refuseUnknownAccounts, evenIfWrong)
  .superRefine(refuseWrongEncoding, evenIfWrong);

// The name that a template renders is checked when units are staged.
function refuseUnknownAccounts(
  file: { readonly accounts?: unknown; readonly find?: unknown },
  context: z.RefinementCtx,
): void {
  if (!Array.isArray(file.find) || typeof file.accounts !== 'object' || file.accounts === null) return;
  const names = Object.keys(file.accounts);
  if (names.length === 0) return;
  for (const [position, lookup] of (file.find as unknown[]).entries()) {
    const account = typeof lookup === 'object' && lookup !== null && 'account' in lookup ? lookup.account : undefined;
    if (typeof account !== 'string' || account === '' || /\{[{%]/.test(account) || names.includes(account)) continue;
    context.addIssue({
      code: 'custom',
      message: `there is no account "${account}"`,
      path: ['find', position, 'account'],
      params: { hint: didYouMean(account, names) },
    });
  }
}

// Otherwise browsers would try to decompress objects that are not compressed.
function refuseWrongEncoding(
  { transform, target }: { readonly transform?: unknown; readonly target?: unknown },
  context: z.RefinementCtx,
): void {
  const isGzip = field(target, 'contentEncoding') === 'gzip';
  if (!isGzip || field(transform, 'compress') !== 'none') return;
  context.addIssue({
    code: 'custom',
    message: 'the objects are not gzip: transform.compress is none',
    path: ['target', 'contentEncoding'],
    params: { hint: 'remove it, or compress the objects' },
  });
}

function field(section: unknown, name: string): unknown {
  return typeof section === 'object' && section !== null ? (section as Record<string, unknown>)[name] : undefined;
}
