import type { Explored, ExploredShape } from '../../../explore/explored.js';
import { proposalYaml } from '../../../shapes/proposal/proposal-yaml.js';
import { type FindProposal, proposeFind } from '../../../shapes/proposal/propose-find.js';

/** A shape with its proposal. */
export interface ProposedShape {
  /** From 1, in order of blobs. */
  readonly number: number;
  readonly shape: ExploredShape;
  readonly find: FindProposal;
  /** The sections of a migration file that the proposal decides. */
  readonly yaml: string;
}

/** Proposes for every shape how to find its blobs. */
export function propose(
  { shapes }: Explored,
  { account, unitsFile }: { readonly account: string; readonly unitsFile: string },
): readonly ProposedShape[] {
  return shapes.map((shape, index) => {
    const find = proposeFind(
      shape,
      shapes.filter((other) => other !== shape),
    );
    const decompress = decompressOf(shape.formats);
    const yaml = proposalYaml(find, { account, unitsFile, ...(decompress !== undefined && { decompress }) });
    return { number: index + 1, shape, find, yaml };
  });
}

function decompressOf(formats: ExploredShape['formats']): 'bzip2' | 'gzip' | 'auto' | 'none' | undefined {
  const known = new Set(formats.map((format) => (format === 'bzip2' || format === 'gzip' ? format : 'none')));
  const [only] = known;
  return known.size > 1 ? 'auto' : only;
}
