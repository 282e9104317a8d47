import { dirname, resolve } from 'node:path';
import { defaultRules } from '../../definition/default-rules.js';
import { readUnits } from '../../definition/units/read-units.js';
import type { BadLine, UnitLine } from '../../definition/units/unit-line.js';
import type { CommandContext } from '../ports/context.js';
import { parsePlace } from '../migration/parse-place.js';
import type { DecodePlace } from '../ports/decode-port.js';
import type { Definition } from '../../domain/definition.js';

/** What says where the units are: the migration file's path, and the sections that it takes. */
export interface UnitsPlace {
  readonly path: string;
  readonly definition: Pick<Definition, 'units' | 'accounts'> & {
    /** Needed for an object of a bucket. */
    readonly target: Definition['target'] | undefined;
  };
}

/**
 * Reads the units of a migration file, line by line, from where `units.from` says: a file beside it, an object
 * (`s3://bucket/key`) or a blob (`az://account/container/blob`), with the credentials of this process. Fails as
 * `readUnits` does.
 */
export function unitLines(
  context: Pick<CommandContext, 'decode' | 'signal'>,
  file: UnitsPlace,
): AsyncGenerator<UnitLine | BadLine> {
  const { from } = file.definition.units;
  const directory = dirname(file.path);
  const place = placeOf(file, directory);
  if (place === undefined) return readUnits({ from, directory });
  const decompress = from.endsWith('.bz2') ? 'bzip2' : from.endsWith('.gz') ? 'gzip' : 'none';
  const { limits } = defaultRules;
  const rules = {
    ...{ transform: { decompress, trailingGarbage: 'fail' } as const, accounts: file.definition.accounts },
    // Two hundred million units are about 60 GB. A units file is far more repetitive than a blob.
    limits: { ...limits, blobBytes: limits.unitBytes, expansion: 100_000 },
  };
  return readUnits({ from, directory, bytes: context.decode({ place, rules }, context.signal) });
}

/** Returns where the units are, unless it is simply a file, plain or gzip. */
function placeOf(file: UnitsPlace, directory: string): DecodePlace | undefined {
  const { units, target } = file.definition;
  const { from } = units;
  if (from.startsWith('az://')) return parsePlace(from, file);
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(from) ?? [];
  if (bucket !== undefined && key !== undefined && target !== undefined)
    return { kind: 's3', target: { ...target, bucket }, key };
  return from.endsWith('.bz2') ? { kind: 'file', path: resolve(directory, from) } : undefined;
}
