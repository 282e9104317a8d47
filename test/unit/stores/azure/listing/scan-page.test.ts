import { describe, expect, it } from 'vitest';
import { scanPage } from '../../../../../src/stores/azure/listing/scan-page.js';

// Pages of all kinds are in the property test.
describe('a page of a listing that is scanned', () => {
  it('has the names that XML cannot hold, which are escaped as in a URL', () => {
    expect(namesOf('<Name Encoded="true">a%01%FFb</Name>'.replace('%FF', '%C3%BF%26lt;'))).toEqual(['a\u0001ÿ&lt;b']);
    expect(namesOf('<Name Encoded="false">50%</Name>')).toEqual(['50%']);
    expect(namesOf('<Name Encoded="true">50%</Name>')).toBeUndefined();
  });

  it('fails at a number that is that of no character', () => {
    expect(namesOf('<Name>&#13;&#x1F600;</Name>')).toEqual(['\r\u{1f600}']);
    expect(() => namesOf('<Name>&#x110000;</Name>')).toThrow(RangeError);
  });

  it.each([
    ['a comment', (page: string) => page.replace('<Blobs>', '<!-- </Blobs> --><Blobs>')],
    ['text that is no markup', (page: string) => page.replace('>a<', '><![CDATA[a]]><')],
    ['no address of the account', (page: string) => page.replace(/ ServiceEndpoint="[^"]*"/, '')],
    ['a blob without a name', (page: string) => page.replace('<Name>a</Name>', '')],
    ['a blob that does not end', (page: string) => page.replace('</Blob>', '')],
    ['another root', (page: string) => page.replaceAll('EnumerationResults', 'ListBucketResult')],
    ['a second document after it', (page: string) => `${page}<html></html>`],
  ])('is none with %s', (_title, change) => {
    const page = pageOf('<Name>a</Name>');
    expect(scanPage(page)?.blobs).toHaveLength(1);
    const changed = change(page);
    expect(changed).not.toBe(page);
    expect(scanPage(changed)).toBeUndefined();
  });

  it('keeps the blobs that it does not know all about, so that whoever asked can name them', () => {
    expect(scanPage(pageOf('<Name>a</Name>'))?.blobs).toEqual([
      { name: 'a', etag: undefined, bytes: undefined, lastModifiedMs: Number.NaN, md5: undefined, type: undefined },
    ]);
  });
});

function namesOf(name: string): readonly string[] | undefined {
  return scanPage(pageOf(name))?.blobs.map((blob) => blob.name);
}

function pageOf(name: string): string {
  const blobs = `<Blobs><Blob>${name}<Properties></Properties></Blob></Blobs><NextMarker/>`;
  return `<EnumerationResults ServiceEndpoint="http://account/">${blobs}</EnumerationResults>`;
}
