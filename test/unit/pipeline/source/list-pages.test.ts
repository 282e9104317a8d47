import { describe, expect, it } from 'vitest';
import { Failure, toFailure } from '../../../../src/domain/failure.js';
import type { BlobPage, PageStart } from '../../../../src/pipeline/source/blob-source.js';
import { ListingProgress } from '../../../../src/pipeline/source/listing-progress.js';
import { listPages } from '../../../../src/pipeline/source/list-pages.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

useScaledTime(200);

const running = new AbortController().signal;

/** Lists what a script answers; returns the names listed and the markers asked for. */
async function listed(answer: (from: PageStart, request: number) => BlobPage) {
  const asked: PageStart[] = [];
  const source = {
    listPage: async (_place: unknown, from: PageStart) => {
      asked.push(from);
      return answer(from, asked.length);
    },
  };
  const names: string[] = [];
  try {
    for await (const page of listPages(source, { account: 'east', container: 'events', prefix: 't/' }, running))
      names.push(...page.blobs.map(({ name }) => name));
  } catch (error) {
    return { names, asked, failure: toFailure(error) };
  }
  return { names, asked, failure: undefined };
}

function page(name: string, next?: PageStart): BlobPage {
  return { blobs: [{ name, etag: '"1"', bytes: 1, md5: null, lastModifiedMs: 1 }], next };
}

describe('a listing', () => {
  it('asks for one page after another, each from where the previous one ended', async () => {
    const { names, asked } = await listed(({ marker }) =>
      marker === undefined ? page('t/a', { marker: 'm1', blobsMax: 625 }) : page('t/b'),
    );
    expect(names).toEqual(['t/a', 't/b']);
    expect(asked).toEqual([{}, { marker: 'm1', blobsMax: 625 }]);
  });

  it('asks again for a page that failed, and for no other', async () => {
    const { names, asked } = await listed(({ marker }, request) => {
      if (request === 2 || request === 3) throw new Failure('SourceNetwork', 'the connection was reset');
      return marker === undefined ? page('t/a', { marker: 'm1' }) : page('t/b');
    });
    expect(names).toEqual(['t/a', 't/b']);
    expect(asked.map(({ marker }) => marker)).toEqual([undefined, 'm1', 'm1', 'm1']);
  });

  it('fails with the class of a page that fails again and again', async () => {
    const { asked, failure } = await listed(({ marker }) => {
      if (marker !== undefined) throw new Failure('SourceListing', 'it makes no sense');
      return page('t/a', { marker: 'm1' });
    });
    expect(failure).toMatchObject({ failureClass: 'SourceListing', message: 'it makes no sense' });
    expect(asked).toHaveLength(7);
  });

  it.each([1, 2, 3, 7])('ends when its marker repeats after %i pages', async (period) => {
    const { asked, failure } = await listed((_from, request) =>
      page(`t/${request}`, { marker: `m${request % period}` }),
    );
    expect(failure).toMatchObject({ failureClass: 'SourceListing', what: 'account east' });
    expect(failure?.message).toContain('list east/events/t/: the listing does not advance');
    expect(asked.length).toBeLessThan(5 * period + 5);
  });

  it('ends when no blob comes for a thousand pages, and not before', () => {
    const progress = new ListingProgress({ account: 'east', container: 'events', prefix: 't/' });
    const empty = (index: number) => progress.note({ blobs: 0, marker: `m${index}` });
    for (let index = 0; index < 999; index += 1) empty(index);
    progress.note({ blobs: 1, marker: 'm-blob' });
    for (let index = 1_000; index < 1_999; index += 1) empty(index);
    expect(() => empty(2_000)).toThrow(expect.objectContaining({ failureClass: 'SourceListing' }));
  });
});
