import type { Explored } from '../../../explore/explored.js';
import type { ContainerSeen, ExploreRequest } from '../../../explore/explore-request.js';
import { shapeText } from '../../../shapes/shape-text.js';
import { alignRows } from '../../screen/align-rows.js';
import { formatBytes, formatCount } from '../../../domain/text/format.js';
import type { ProposedShape } from './propose.js';

// As many as people read; --json has them all.
const shapesShown = 10;
const containersShown = 40;

/** Returns what `explore` prints for people. */
export function renderExplored(
  { account, container, prefix }: ExploreRequest,
  explored: Explored,
  proposed: readonly ProposedShape[],
): string {
  const below = prefix === '' ? [] : [prefix];
  const place = `az://${[account.name, ...(container === undefined ? [] : [container]), ...below].join('/')}`;
  const sampled = isSampled(explored);
  const total = explored.containers.length + explored.moreContainers.containers;
  const seen = `${counted(explored.blobs, 'blob')}, ${formatBytes(explored.bytes)}, in ${counted(total, 'container')}`;
  return [
    `${place}: ${seen}${sampled ? ', not all of them listed' : ''}`,
    '',
    ...containerLines(explored),
    ...proposed.slice(0, shapesShown).flatMap((shape) => ['', ...shapeLines(shape)]),
    ...moreLines(explored, proposed),
  ].join('\n');
}

/** Tells whether some container was not listed completely. */
export function isSampled({ containers, moreContainers }: Explored): boolean {
  return moreContainers.sampled > 0 || containers.some(({ sample }) => sample !== null);
}

function containerLines({ containers, moreContainers }: Explored): readonly string[] {
  const shown = [...containers].sort((a, b) => b.bytes - a.bytes).slice(0, containersShown);
  const rows = shown.map((container) => [
    container.name,
    formatCount(container.blobs),
    formatBytes(container.bytes),
    coverageText(container),
  ]);
  const rest = containers.length - shown.length + moreContainers.containers;
  return [
    ...alignRows([['CONTAINER', 'BLOBS', 'BYTES', 'LISTED'], ...rows]),
    ...(rest > 0 ? [`and ${counted(rest, 'smaller container')}`] : []),
  ];
}

function coverageText({ sample }: ContainerSeen): string {
  if (sample === null) return 'whole';
  const first = `the first ${formatCount(sample.blobs)}`;
  if (sample.ofFolders === 0) return `${first}; it has no folders to sample`;
  return `${first}, and the beginning of ${formatCount(sample.folders)} of ${formatCount(sample.ofFolders)} folders`;
}

function shapeLines({ number, shape, yaml }: ProposedShape): readonly string[] {
  const { dates, formats, blobs, samples } = shape;
  const [sample] = samples;
  const facts = [counted(blobs, 'blob'), formatBytes(shape.bytes), ...(dates === null ? [] : datesText(dates))];
  const sizes = [
    `median ${formatBytes(shape.medianBytes)}`,
    `largest ${formatBytes(shape.largestBytes)}`,
    ...(shape.emptyBlobs > 0 ? [`${formatCount(shape.emptyBlobs)} empty`] : []),
    ...(formats.length === 0 ? ['format unknown'] : formats),
  ];
  return [
    `${String(number)}. ${shapeText(shape.elements)}`,
    `   ${facts.join(', ')}`,
    `   ${sizes.join(', ')}`,
    ...(sample === undefined ? [] : [`   such as ${sample.container}/${sample.name}`]),
    '',
    ...yaml
      .trimEnd()
      .split('\n')
      .map((line) => `     ${line}`),
  ];
}

function datesText({
  first,
  last,
  precision,
  missing,
}: NonNullable<ProposedShape['shape']['dates']>): readonly string[] {
  const span = first === last ? first : `${first} to ${last}`;
  if (missing === null) return [span];
  return [span, missing === 0 ? `no ${precision} without a blob` : `${counted(missing, precision)} without a blob`];
}

function moreLines({ moreShapes }: Explored, proposed: readonly ProposedShape[]): readonly string[] {
  const hidden = proposed.slice(shapesShown);
  const shapes = hidden.length + (moreShapes?.shapes ?? 0);
  if (shapes === 0) return [];
  const blobs = hidden.reduce((sum, { shape }) => sum + shape.blobs, moreShapes?.blobs ?? 0);
  const where = hidden.length > 0 ? '; --json has more of them' : '';
  return ['', `and ${counted(shapes, 'smaller shape')} with ${counted(blobs, 'blob')}${where}`];
}

function counted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;
}
