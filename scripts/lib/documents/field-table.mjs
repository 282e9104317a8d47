/**
 * A part of a JSON Schema.
 *
 * @typedef {{
 *   description?: string,
 *   default?: unknown,
 *   enum?: readonly string[],
 *   properties?: Record<string, FieldSchema>,
 *   required?: readonly string[],
 *   items?: FieldSchema,
 *   additionalProperties?: FieldSchema | boolean,
 * }} FieldSchema
 */

/**
 * Returns the table of the fields at these paths: `units.*` is all fields of a section, `find[].*` those of an entry of
 * a list, and `accounts.NAME.*` those of a section whose name the user chooses.
 *
 * @param {FieldSchema} schema
 * @param {readonly string[]} paths
 */
export function fieldTable(schema, paths) {
  const rows = paths.flatMap((path) => {
    const section = sectionAt(schema, path);
    const name = path.split('.').at(-1) ?? '';
    const names = name === '*' ? Object.keys(section.properties ?? {}) : [name];
    return names.map((field) => row(section, field, name === '*' ? field : path));
  });
  return [['field', 'meaning', 'default'], ['---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}

/** @param {FieldSchema} schema @param {string} path */
function sectionAt(schema, path) {
  let at = schema;
  for (const step of path.split('.').slice(0, -1)) {
    const { properties = {}, additionalProperties } = at;
    const next = properties[step.replace('[]', '')];
    at = next ?? (typeof additionalProperties === 'object' ? additionalProperties : {});
    if (step.endsWith('[]')) at = at.items ?? {};
  }
  return at;
}

/** @param {FieldSchema} section @param {string} field @param {string} shown */
function row({ properties = {}, required = [] }, field, shown) {
  const schema = properties[field];
  if (schema?.description === undefined) throw new Error(`The field ${shown} has no description in the schema.`);
  // A default that is not a value of the field is part of the text, which editors show too.
  const [meaning = '', absent] = schema.description.split('. Default: ');
  const value = required.includes(field) ? 'required' : (absent ?? defaultText(schema));
  return [`\`${shown}\``, cell(`${valuesText(schema, meaning)}${lowerCase(meaning)}`), cell(lowerCase(value))];
}

/** The values of a field, unless its description explains them. @param {FieldSchema} field @param {string} meaning */
function valuesText({ enum: values = [] }, meaning) {
  if (values.every((value) => meaning.includes(`\`${value}\``))) return '';
  return `${values.map((value) => `\`${value}\``).join(' | ')}: `;
}

/** @param {FieldSchema} field */
function defaultText({ default: value, properties }) {
  if (value === undefined) return '';
  if (typeof value !== 'object') return `\`${String(value)}\``;
  const fields = Object.entries(properties ?? {}).map(([name, field]) => `${name}: ${String(field.default)}`);
  return `\`{ ${fields.join(', ')} }\``;
}

/** @param {string} text */
const lowerCase = (text) => text.replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase());

/** @param {string} text */
const cell = (text) => text.replaceAll('|', '\\|');
