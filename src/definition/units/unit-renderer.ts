import type { Definition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import { targetKeyProblem } from '../../domain/target/target-key.js';
import type { UnitFields } from '../../domain/unit.js';
import { compileTemplate } from '../templates/compile-template.js';
import { TemplateError } from '../templates/template-error.js';
import { unitContext, unitIdContext } from './unit-context.js';

/** Renders ids and target keys. Throws a `Failure` of class `ConfigError`, or `ConfigError/Key` for an invalid key. */
export interface UnitRenderer {
  /** Returns the id of a unit: 1 to 512 bytes of UTF-8. Without a template for ids, it is the whole `line`. */
  id(unit: { readonly fields: UnitFields; readonly index: number; readonly line: string }): string;
  /** Returns the target key: valid, portable and outside the control prefix. */
  key(unit: { readonly fields: UnitFields; readonly index: number; readonly id: string }): string;
}

/** Compiles `units.id` and `target.key` of a definition once, for all units. */
export function createUnitRenderer({ units, target }: Pick<Definition, 'units' | 'target'>): UnitRenderer {
  const idTemplate = units.id === undefined ? undefined : compileTemplate(units.id);
  const keyTemplate = compileTemplate(target.key);
  const controlPrefix = target.control.bucket === target.bucket ? target.control.prefix : undefined;
  return {
    id({ fields, index, line }) {
      const id =
        idTemplate === undefined ? line : render('units.id', () => idTemplate.render(unitIdContext(fields, index)));
      const problem = idProblem(id);
      if (problem !== undefined) throw new Failure('ConfigError', `units.id renders ${quoted(id)}: ${problem}`);
      return id;
    },
    key(unit) {
      const key = render('target.key', () => keyTemplate.render(unitContext(unit)));
      const problem = targetKeyProblem(key, controlPrefix);
      if (problem !== undefined) throw new Failure('ConfigError/Key', `target.key renders ${quoted(key)}: ${problem}`);
      return key;
    },
  };
}

const idBytesMax = 512;

function idProblem(id: string): string | undefined {
  if (id === '') return 'it is empty';
  if (Buffer.byteLength(id) > idBytesMax) return `it has more than ${String(idBytesMax)} bytes`;
  if (/\p{Control}/u.test(id)) return 'it has a control character';
  return id.isWellFormed() ? undefined : 'it is not valid Unicode';
}

function render(path: string, give: () => string): string {
  try {
    return give();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const hint = error.hint === undefined ? '' : `; ${error.hint}`;
    throw new Failure('ConfigError', `${path}: ${error.message}${hint}`, { cause: error });
  }
}

// JSON shows control characters, which are often the reason. Two kilobytes would be too much for a message.
const quoted = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
