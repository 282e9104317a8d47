import { AnonymousCredential, BlobServiceClient, newPipeline } from '@azure/storage-blob';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanPage } from '../../../../../src/stores/azure/listing/scan-page.js';

/** A blob, and how a page writes it: everything that XML leaves to the writer. */
interface Listed {
  readonly name: readonly Written[];
  readonly bytes: number;
  /** `absent`, `empty`, or the MD5 in base64. */
  readonly md5: string;
  readonly order: readonly number[];
  readonly type: 'file' | 'directory' | undefined;
  readonly between: string;
}

/** Characters, and the way in which they are written. */
interface Written {
  readonly text: string;
  readonly as: 'plain' | 'named' | 'decimal' | 'hexadecimal';
}

const nfc = 'Zürich';
const pieces = [
  ...['<', '>', '&', '"', "'", ']]>', '<!--', '-->', '<Blob>', '</Blob>', '</Blobs>', '<Blobs/>', '<Name>', '</Name>'],
  ...['<Properties>', '<Etag>0xother</Etag>', '<NextMarker>x</NextMarker>', '</EnumerationResults>', '<![CDATA['],
  ...['&amp;', '&#60;', '&lt', '%3C', '%', '+', ' ', '\t', '\n', '/', nfc, nfc.normalize('NFD'), '\u{1f600}', '\ufeff'],
];
const characters = fc.oneof(
  fc.constantFrom(...pieces),
  fc.string({ unit: 'grapheme', maxLength: 5 }).filter(isXml),
  fc.constant('x'.repeat(1_024)),
);
const written = fc.record<Written>({
  text: characters,
  as: fc.constantFrom('plain', 'plain', 'named', 'decimal', 'hexadecimal'),
});
const listed: fc.Arbitrary<Listed> = fc.record({
  name: fc.array(written, { minLength: 1, maxLength: 6 }),
  bytes: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  md5: fc.constantFrom('absent', 'empty', 'rL0Y20zC+Fzt72VPzMSk2A=='),
  order: fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
  type: fc.constantFrom(undefined, 'file' as const, 'directory' as const),
  between: fc.constantFrom('', '\n', '\r\n    '),
});
const pages = fc.record({
  blobs: fc.array(listed, { maxLength: 6 }),
  head: fc.constantFrom('', '\ufeff', '<?xml version="1.0" encoding="utf-8"?>', '\ufeff<?xml version="1.0"?>\r\n'),
  prefix: fc.array(written, { maxLength: 2 }),
  marker: fc.array(written, { maxLength: 3 }),
  tail: fc.constantFrom('', '\n'),
});

describe('a page of a listing that is scanned', () => {
  it('says what was written, and what the parser of the SDK finds', async () => {
    await fc.assert(
      fc.asyncProperty(pages, async (page) => {
        const scanned = scanPage(textOf(page));
        expect(scanned).toEqual({
          marker: plain(page.marker),
          blobs: page.blobs.map((blob, index) => ({
            name: plain(blob.name),
            etag: `0x${String(index)}`,
            bytes: blob.bytes,
            lastModifiedMs: lastModifiedMs + index * 1_000,
            md5: ['absent', 'empty'].includes(blob.md5) ? undefined : blob.md5,
            type: blob.type,
          })),
        });
        // The parser does not know the numbers of characters.
        const parsed = textOf(named(page));
        expect(brief(scanPage(parsed))).toEqual(await parsedBySdk(parsed));
      }),
      { numRuns: 150 },
    );
  });

  it('is none if only a part of it has arrived, wherever that ends', () => {
    fc.assert(
      fc.property(pages, (page) => {
        const text = textOf(page).trimEnd();
        for (let end = 0; end < text.length; end += text.length > 2_000 ? 97 : 1)
          if (scanPage(text.slice(0, end)) !== undefined) throw new Error(`taken for whole: ${text.slice(0, end)}`);
      }),
      { numRuns: 20 },
    );
  });
});

const lastModifiedMs = Date.parse('Mon, 01 Jan 2024 00:00:00 GMT');

type Page = typeof pages extends fc.Arbitrary<infer T> ? T : never;

function plain(name: readonly Written[]): string {
  return name.map(({ text }) => text).join('');
}

function named(page: Page): Page {
  const byName = (text: readonly Written[]): readonly Written[] =>
    text.map((piece) => ({ ...piece, as: piece.as === 'plain' ? 'plain' : 'named' }));
  const blobs = page.blobs.map((blob) => ({ ...blob, name: [...byName(blob.name)] }));
  return { ...page, blobs, prefix: [...byName(page.prefix)], marker: [...byName(page.marker)] };
}

function textOf({ blobs, head, prefix, marker, tail }: Page): string {
  const root = '<EnumerationResults ServiceEndpoint="http://account/" ContainerName="events">';
  const items = blobs.map((blob, index) => itemOf(blob, index)).join('');
  const all = blobs.length === 0 ? '<Blobs />' : `<Blobs>${items}</Blobs>`;
  const next = marker.length === 0 ? '<NextMarker />' : `<NextMarker>${xml(marker)}</NextMarker>`;
  const asked = `<Prefix>${xml(prefix)}</Prefix><MaxResults>5000</MaxResults>`;
  return `${head}${root}${asked}${all}${next}</EnumerationResults>${tail}`;
}

function itemOf({ name, bytes, md5, order, type, between }: Listed, index: number): string {
  const properties = [
    `<Last-Modified>${new Date(lastModifiedMs + index * 1_000).toUTCString()}</Last-Modified>`,
    `<Etag>0x${String(index)}</Etag>`,
    `<Content-Length>${String(bytes)}</Content-Length>`,
    md5 === 'absent' ? '<LeaseStatus>unlocked</LeaseStatus>' : md5 === 'empty' ? '<Content-MD5 />' : md5Of(md5),
    type === undefined ? '<BlobType>BlockBlob</BlobType>' : `<ResourceType>${type}</ResourceType>`,
  ];
  const shuffled = properties
    .map((property, at) => ({ property, by: order[at] ?? 0 }))
    .sort((a, b) => a.by - b.by)
    .map(({ property }) => property);
  const inside = [`<Name>${xml(name)}</Name>`, `<Properties>${shuffled.join(between)}</Properties>`, '<OrMetadata />'];
  return `<Blob>${between}${inside.join(between)}${between}</Blob>`;
}

function md5Of(md5: string): string {
  return `<Content-MD5>${md5}</Content-MD5>`;
}

const names: Readonly<Record<string, string>> = { '<': 'lt', '>': 'gt', '&': 'amp', '"': 'quot', "'": 'apos' };

/** Reports whether XML can hold these characters. A carriage return would have to be written by its number. */
function isXml(text: string): boolean {
  return Array.from(text).every((character) => {
    const number = character.codePointAt(0) ?? 0;
    return number === 9 || number === 10 || (number >= 32 && number < 0xfffe) || number > 0xffff;
  });
}

function xml(text: readonly Written[]): string {
  return text
    .map((piece) =>
      Array.from(piece.text)
        .map((character) => xmlOf(character, piece.as))
        .join(''),
    )
    .join('');
}

function xmlOf(character: string, as: Written['as']): string {
  const number = character.codePointAt(0) ?? 0;
  if (as === 'decimal') return `&#${String(number)};`;
  if (as === 'hexadecimal') return `&#x${number.toString(16).padStart(number % 2 === 0 ? 8 : 1, '0')};`;
  const name = names[character];
  return name === undefined || (as === 'plain' && !['<', '&'].includes(character)) ? character : `&${name};`;
}

function brief(page: ReturnType<typeof scanPage>) {
  return page && { marker: page.marker, blobs: page.blobs.map(({ name, bytes, md5 }) => ({ name, bytes, md5 })) };
}

/** Lists with the SDK, whose request is answered with the text. */
async function parsedBySdk(text: string) {
  const pipeline = newPipeline(new AnonymousCredential(), {
    httpClient: {
      sendRequest: async (request) => {
        const headers = request.headers.clone();
        headers.set('content-type', 'application/xml');
        return { request, status: 200, headers, bodyAsText: text };
      },
    },
  });
  const container = new BlobServiceClient('http://account/', pipeline).getContainerClient('events');
  const answer = await container.listBlobsFlat().byPage().next();
  if (answer.done === true) throw new Error('the SDK returns no page');
  const { segment, continuationToken: marker = '' } = answer.value;
  const blobs = segment.blobItems.map(({ name, properties: { contentLength: bytes, contentMD5 } }) => {
    const md5 = contentMD5 === undefined || contentMD5.length === 0 ? undefined : contentMD5;
    return { name, bytes, md5: md5 && Buffer.from(md5).toString('base64') };
  });
  return { marker, blobs };
}
