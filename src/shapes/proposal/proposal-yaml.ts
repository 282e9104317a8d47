import type { FindProposal } from './propose-find.js';
import type { EachValues } from './unit-columns.js';

/** What a proposal is for. */
export interface ProposalContext {
  /** Name of the account in the migration file. */
  readonly account: string;
  /** The units file. */
  readonly unitsFile: string;
  /** Whether each blob is a unit because it cannot be joined with others. */
  readonly isBlob?: boolean;
  /** The format of the blobs, for `transform.decompress`; undefined if none was read. */
  readonly decompress?: 'bzip2' | 'gzip' | 'auto' | 'none';
}

/** Returns a proposal as the sections of a migration file that it decides, with comments that say why. */
export function proposalYaml(
  proposal: FindProposal,
  { account, unitsFile, isBlob = false, decompress }: ProposalContext,
): string {
  const { columns, container, blob, prefix, match, regex, each, optional, order, sequence } = proposal;
  const lines = [
    'units:',
    `  from: ${quoted(unitsFile)} # columns: ${columns.join(', ')}`,
    `  id: ${quoted(columns.map((column) => `{{ ${column} }}`).join('/'))}`,
    'find:',
    ...(isBlob ? ['  # Files of this format cannot be joined byte by byte, so each is a unit.'] : []),
    `  - account: ${quoted(account)}`,
    `    container: ${quoted(container)}`,
    ...(blob === undefined ? [] : [`    blob: ${quoted(blob)}`]),
    ...(prefix === undefined ? [] : [`    prefix: ${quoted(prefix)}`]),
    ...(match === undefined ? [] : [`    match: ${quoted(match)}`]),
    ...(regex === undefined
      ? []
      : ['    # A glob would match blobs with other names too.', `    regex: ${quoted(regex)}`]),
    ...eachLines(each),
    ...(optional ? ['    optional: true # a unit need not have all combinations'] : []),
    ...(order === 'natural' ? ['order: natural # the numbers are not padded'] : []),
    ...(sequence === undefined
      ? []
      : ['expect:', '  # No series that was listed has a gap.', `  sequence: ${quoted(sequence)}`]),
    ...(decompress === undefined ? [] : ['transform:', `  decompress: ${decompress}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function eachLines(each: Readonly<Record<string, EachValues>>): readonly string[] {
  const variables = Object.entries(each);
  if (variables.length === 0) return [];
  const note =
    '    # They number the parts of a unit. If they distinguish units, make them columns of the units file instead.';
  return [
    ...(variables.some(([, { kind }]) => kind !== 'dates') ? [note] : []),
    '    each:',
    ...variables.map(([name, values]) => `      ${name}: ${valuesText(values)}`),
  ];
}

function valuesText(values: EachValues): string {
  if (values.kind === 'dates') {
    return `{ from: ${quoted(values.from)}, to: ${quoted(values.to)}, step: ${values.step} }`;
  }
  return values.kind === 'range' ? quoted(`${values.from}..${values.to}`) : `[${values.values.map(quoted).join(', ')}]`;
}

// JSON's strings are YAML's.
const quoted = (text: string): string => JSON.stringify(text);
