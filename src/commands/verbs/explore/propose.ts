import type { Explored, ExploredShape } from '../../../explore/explored.js';
import { proposalYaml } from '../../../shapes/proposal/proposal-yaml.js';
import { type FindProposal, proposeFind } from '../../../shapes/proposal/propose-find.js';
import { unitChoice, type UnitPeriod } from '../../../shapes/proposal/unit-choice.js';

/** A shape with its proposal. */
export interface ProposedShape {
  /** From 1, in order of blobs. */
  readonly number: number;
  readonly shape: ExploredShape;
  readonly find: FindProposal;
  /** The sections of a migration file that the proposal decides. */
  readonly yaml: string;
}

/** What proposals are for. */
export interface ProposalOptions {
  readonly account: string;
  readonly unitsFile: string;
  /** How much time a unit covers; by default a day at most. */
  readonly period?: UnitPeriod | undefined;
}

/** Proposes for every shape how to find its blobs. */
export function propose(
  { shapes }: Explored,
  { account, unitsFile, period }: ProposalOptions,
): readonly ProposedShape[] {
  return shapes.map((shape, index) => {
    const isBlob = isNeverJoined(shape);
    const others = shapes.filter((other) => other !== shape);
    const find = proposeFind(shape, others, unitChoice(period, isBlob));
    const decompress = decompressOf(shape.formats);
    const yaml = proposalYaml(find, { account, unitsFile, isBlob, ...(decompress !== undefined && { decompress }) });
    return { number: index + 1, shape, find, yaml };
  });
}

/** Tells whether blobs have a format whose files cannot be joined byte by byte. Without known formats, names decide. */
function isNeverJoined({ formats, samples }: ExploredShape): boolean {
  if (formats.length > 0) return formats.every((format) => wholeFormats.has(format));
  return samples.length > 0 && samples.every(({ name }) => wholeFormats.has(/[^.]*$/.exec(name)?.[0] ?? ''));
}

const wholeFormats = new Set<string>(['avro', 'parquet', 'orc', 'zip']);

function decompressOf(formats: ExploredShape['formats']): 'bzip2' | 'gzip' | 'auto' | 'none' | undefined {
  const known = new Set(formats.map((format) => (format === 'bzip2' || format === 'gzip' ? format : 'none')));
  const [only] = known;
  return known.size > 1 ? 'auto' : only;
}
