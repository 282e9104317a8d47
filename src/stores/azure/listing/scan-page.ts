import { elementText, unescapedXml } from '../../request/xml-text.js';

/** One blob of a page, as the service describes it. */
export interface ScannedBlob {
  readonly name: string;
  readonly etag: string | undefined;
  readonly bytes: number | undefined;
  readonly lastModifiedMs: number;
  /** Base64; undefined if none is stored. */
  readonly md5: string | undefined;
  /** Set only in a hierarchical namespace. */
  readonly type: string | undefined;
}

/** A page of a listing. */
export interface ScannedPage {
  readonly blobs: readonly ScannedBlob[];
  /** Empty after the last page. */
  readonly marker: string;
}

/**
 * Reads a page of a listing that was asked for without metadata, and takes from it only what is used: a page of 5,000
 * blobs has 40 times as many elements. Returns undefined for anything that is not a whole page of this kind.
 */
export function scanPage(text: string): ScannedPage | undefined {
  const open = text.indexOf('<EnumerationResults');
  const opened = text.indexOf('>', open);
  if (open === -1 || !text.slice(open, opened).includes(' ServiceEndpoint="')) return undefined;
  if (!text.trimEnd().endsWith('</EnumerationResults>')) return undefined;
  // What these hold is not markup; the service has never used them.
  if (text.includes('<![CDATA[') || text.includes('<!--')) return undefined;
  const emptyAt = text.search(/<Blobs\s*\/>/);
  if (emptyAt !== -1) return { blobs: [], marker: markerOf(text, emptyAt) };
  let at = text.indexOf('<Blobs>', opened);
  const end = text.indexOf('</Blobs>', at);
  if (at === -1 || end === -1) return undefined;
  const blobs: ScannedBlob[] = [];
  for (;;) {
    at = text.indexOf('<Blob>', at);
    if (at === -1 || at > end) return { blobs, marker: markerOf(text, end) };
    const blobEnd = text.indexOf('</Blob>', at);
    const blob = blobEnd === -1 ? undefined : scanBlob(text.slice(at, blobEnd));
    if (blob === undefined) return undefined;
    blobs.push(blob);
    at = blobEnd;
  }
}

function markerOf(text: string, after: number): string {
  return elementText(text.slice(after), 'NextMarker') ?? '';
}

function scanBlob(text: string): ScannedBlob | undefined {
  const propertiesAt = text.indexOf('<Properties>');
  const name = nameOf(propertiesAt === -1 ? text : text.slice(0, propertiesAt));
  if (name === undefined) return undefined;
  const properties = propertiesAt === -1 ? '' : text.slice(propertiesAt, text.indexOf('</Properties>'));
  const bytes = elementText(properties, 'Content-Length');
  return {
    name,
    etag: elementText(properties, 'Etag') || undefined,
    bytes: bytes !== undefined && /^\d+$/.test(bytes) ? Number(bytes) : undefined,
    lastModifiedMs: Date.parse(elementText(properties, 'Last-Modified') ?? ''),
    md5: elementText(properties, 'Content-MD5') || undefined,
    type: elementText(properties, 'ResourceType') || undefined,
  };
}

/** A name with characters that XML cannot hold is escaped as in a URL, and says so. */
function nameOf(text: string): string | undefined {
  const plain = elementText(text, 'Name');
  if (plain !== undefined) return plain;
  const encoded = /<Name Encoded="(true|false)">([^<]*)<\/Name>/.exec(text);
  if (encoded === null) return undefined;
  const written = unescapedXml(encoded[2] ?? '');
  return encoded[1] === 'true' ? decoded(written) : written;
}

/** Returns undefined if the text was not escaped as in a URL. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
