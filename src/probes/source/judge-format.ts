import type { TransformDefinition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import type { BlobFormat } from '../../pipeline/decode/detect-format.js';
import type { ProbeFinding } from '../run-probe.js';

/** Judges the first bytes of a blob by what the migration file says about it. Throws `CorruptInput/BadMagic`. */
export function judgeFormat(
  label: string,
  format: BlobFormat,
  decompress: TransformDefinition['decompress'],
): ProbeFinding {
  const is = format === 'none' ? 'neither bzip2 nor gzip' : format;
  const message = `${label} can be read; it is ${is}`;
  if (decompress === format || decompress === 'auto') return { message };
  if (decompress !== 'none') throw new Failure('CorruptInput/BadMagic', `${message}, not ${decompress}`);
  return {
    verdict: 'warning',
    message: `${message} and would stay so`,
    fix: `set \`transform.decompress: ${format}\` unless that is wanted`,
  };
}
