import type { ReceiptBlob } from '../../control/receipt-blobs.js';
import { blobLabel } from '../../domain/manifest.js';
import { alignRows } from '../screen/align-rows.js';
import { formatBytes, formatCount } from '../../domain/text/format.js';
import type { Style } from '../ports/text-output.js';
import type { LineageDocument, LineageObject, LineageRound } from './lineage-document.js';

// More lines than fit on a screen or two are for a program to read.
const blobsShown = 40;

/** Renders the lineage of a unit. `asked` is what was asked for, unless that is the id or the key of the unit. */
export function renderLineage(lineage: LineageDocument, asked: AskedPart, style: Style): string {
  const { id, index, state, object, manifest, notes, rounds } = lineage;
  const { blob, earlierKey } = asked;
  return [
    style.bold(`Unit ${id} (index ${String(index)}): ${state}`),
    ...(blob === undefined ? [] : [`  ${blobSentence(lineage, blob)}`]),
    ...(earlierKey === undefined ? [] : [`  ${keySentence(lineage, earlierKey)}`]),
    ...alignRows([
      ...(object === null ? [['  object', 'none']] : objectRows(object)),
      ...(manifest === null ? [] : [['  manifest', `${manifest.digest}, ${blobsText(manifest.blobs)}`]]),
      ...notes.map((note) => ['  note', note]),
      ...rounds.map((round) => [`  round ${String(round.round)}`, roundText(round)]),
    ]),
    ...(manifest === null || manifest.blobs.length === 0 ? [] : blobLines(manifest.blobs, blob, style)),
  ].join('\n');
}

/** The part of a lineage that a text names. */
export interface AskedPart {
  /** `account/container/name` */
  readonly blob?: string;
  /** A key that the unit had in an earlier round. */
  readonly earlierKey?: string;
}

/** Says that a unit has another key now. */
function keySentence({ rounds }: LineageDocument, wanted: string): string {
  const last = rounds.findLast(({ key }) => key === wanted)?.round ?? 0;
  return `${wanted} was its key in round ${String(last)}; later rounds use another, and leave alone what is there.`;
}

/** Says what became of a source blob. */
function blobSentence({ object, manifest, rounds }: LineageDocument, wanted: string): string {
  const blobs = manifest?.blobs ?? [];
  const position = blobs.findIndex((each) => blobLabel(each) === wanted);
  const blob = blobs[position];
  if (blob === undefined) {
    return rounds.some((round) => round.blob === wanted)
      ? `az://${wanted} made the unit fail.`
      : `az://${wanted} was in an earlier manifest of the unit, and is not in the newest.`;
  }
  const which = `blob ${formatCount(position + 1)} of ${formatCount(blobs.length)}`;
  if (blob.skipped !== null) return `az://${wanted} is ${which}; it was skipped: ${blob.skipped}.`;
  if (object === null) return `az://${wanted} is ${which} of the unit, which has no object.`;
  return `az://${wanted} is ${which} in ${object.url}.`;
}

function objectRows(object: LineageObject): readonly (readonly string[])[] {
  const { url, bytes, etag, versionId, checksum, parts, raw } = object;
  const proof = [
    `ETag ${etag}`,
    ...(versionId === undefined ? [] : [`version ${versionId}`]),
    ...(checksum === null ? [] : [`CRC-32 ${checksum}`]),
    parts === 1 ? '1 part' : `${formatCount(parts)} parts`,
  ];
  const digests = [
    ...(raw.sha256 === null ? [] : [`SHA-256 ${raw.sha256}`]),
    ...(raw.crc32 === null ? [] : [`CRC-32 ${raw.crc32}`]),
  ];
  return [
    ['  object', `${url}, ${formatBytes(bytes)}`],
    ['  proof', proof.join(', ')],
    ['  unpacked', [formatBytes(raw.bytes), ...digests].join(', ')],
  ];
}

function roundText({ state, at, class: failureClass, message, build }: LineageRound): string {
  const why = failureClass === null ? '' : `: ${failureClass}${message === null ? '' : `: ${message}`}`;
  return `${at}  ${state}${why} (${build})`;
}

function blobsText(blobs: readonly ReceiptBlob[]): string {
  const bytes = blobs.reduce((sum, blob) => sum + blob.bytes, 0);
  return `${formatCount(blobs.length)} blob${blobs.length === 1 ? '' : 's'}, ${formatBytes(bytes)}`;
}

function blobLines(blobs: readonly ReceiptBlob[], wanted: string | undefined, style: Style): readonly string[] {
  const rows = alignRows(
    blobs
      .slice(0, blobsShown)
      .map((blob, index) => [
        `  ${formatCount(index + 1)}`,
        `az://${blobLabel(blob)}`,
        formatBytes(blob.bytes),
        `ETag ${blob.etag}`,
        blob.skipped === null ? '' : `skipped: ${blob.skipped}`,
      ]),
  );
  const lines = rows.map((row, index) => {
    const blob = blobs[index];
    return blob !== undefined && blobLabel(blob) === wanted ? style.bold(row) : row;
  });
  const more = blobs.length - blobsShown;
  return [
    '  blobs, in the order in which they were joined:',
    ...lines,
    ...(more > 0 ? [`  … and ${formatCount(more)} more; --json lists them all`] : []),
  ];
}
