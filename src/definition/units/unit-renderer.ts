import type { Definition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import { targetKeyProblem } from '../../domain/target/target-key.js';
import { compileTemplate, type CompiledTemplate } from '../templates/compile-template.js';
import type { TemplateContext } from '../templates/template-context.js';
import { TemplateError } from '../templates/template-error.js';

/** Renders ids and target keys. Throws a `Failure` of class `ConfigError`, or `ConfigError/Key` for an invalid key. */
export interface UnitRenderer {
  /** Returns the id of a unit: 1 to 512 bytes of UTF-8. Without a template for ids, it is the whole `line`. */
  id(context: TemplateContext, line: string): string;
  /** Returns the target key: valid, portable and outside the control prefix. */
  key(context: TemplateContext): string;
}

/** Compiles `units.id` and `target.key` of a definition once, for all units. */
export function createUnitRenderer({ units, target }: Pick<Definition, 'units' | 'target'>): UnitRenderer {
  const idTemplate = units.id === undefined ? undefined : compileTemplate(units.id);
  const keyTemplate = compileTemplate(target.key);
  const controlPrefix = target.control.bucket === target.bucket ? target.control.prefix : undefined;
  return {
    id(context, line) {
      const id = idTemplate === undefined ? line : render('units.id', idTemplate, context);
      const problem = idProblem(id);
      if (problem !== undefined) throw new Failure('ConfigError', `units.id renders ${quoted(id)}: ${problem}`);
      return id;
    },
    key(context) {
      const key = render('target.key', keyTemplate, context);
      const problem = targetKeyProblem(key, controlPrefix);
      if (problem !== undefined) throw new Failure('ConfigError/Key', `target.key renders ${quoted(key)}: ${problem}`);
      return key;
    },
  };
}

const idBytesMax = 512;

function idProblem(id: string): string | undefined {
  // Nearly all are, and this takes a tenth of the time.
  if (/^[ -~]+$/.test(id) && id.length <= idBytesMax) return undefined;
  if (id === '') return 'it is empty';
  if (Buffer.byteLength(id) > idBytesMax) return `it has more than ${String(idBytesMax)} bytes`;
  if (/\p{Control}/u.test(id)) return 'it has a control character';
  return id.isWellFormed() ? undefined : 'it is not valid Unicode';
}

function render(path: string, template: CompiledTemplate, context: TemplateContext): string {
  try {
    return template.render(context);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const hint = error.hint === undefined ? '' : `; ${error.hint}`;
    throw new Failure('ConfigError', `${path}: ${error.message}${hint}`, { cause: error });
  }
}

// JSON shows control characters, which are often the reason. Two kilobytes would be too much for a message.
const quoted = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
