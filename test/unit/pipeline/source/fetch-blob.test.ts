import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import { fetchBlob, streamBlob } from '../../../../src/pipeline/source/fetch-blob.js';
import { requestPatience } from '../../../../src/flow/try-again.js';
import { joinAll, noise } from '../../../support/fakes/async-bytes.js';
import { MemoryBlobSource, type MemorySourceFault } from '../../../support/fakes/memory-blob-source.js';
import { readingSource } from '../../../support/fakes/reading-source.js';
import { useScaledTime } from '../../../support/fakes/scaled-time.js';

useScaledTime(200);

const never = new AbortController().signal;
const bytes = noise(10_000);
const broken = (after: number): MemorySourceFault => ({ failure: new Failure('SourceNetwork', 'reset'), after });

function sourceWith(faults: readonly MemorySourceFault[]) {
  const source = new MemoryBlobSource({
    pieceBytes: 100,
    hook: ({ kind, count }) => (kind === 'open' ? faults[count] : undefined),
  });
  return { source, blob: source.add({ account: 'east', container: 'c', name: 'a' }, bytes) };
}

/** Notes the offset of each request for a body. */
function watchOffsets(source: MemoryBlobSource): readonly number[] {
  const offsets: number[] = [];
  const open = source.open.bind(source);
  source.open = (blob, signal, offset) => {
    offsets.push(offset ?? 0);
    return open(blob, signal, offset);
  };
  return offsets;
}

describe('fetchBlob', () => {
  it('resumes a broken body at its offset', async () => {
    const { source, blob } = sourceWith([broken(0), broken(5_000), broken(4_999)]);
    const offsets = watchOffsets(source);
    expect(bytes.equals(await fetchBlob(source, blob, never))).toBe(true);
    expect(offsets).toEqual([0, 0, 5_000, 9_999]);
  });

  it('reads a blob at once where the source can, and resumes at the offset at which that broke', async () => {
    const { source, blob } = sourceWith([broken(6_000), broken(3_000)]);
    const offsets = watchOffsets(source);
    expect(bytes.equals(await fetchBlob(readingSource(source), blob, never))).toBe(true);
    expect(offsets).toEqual([0, 6_000, 9_000]);
  });

  it('checks the stored MD5 of a blob that was read at once up to where it broke', async () => {
    const { source } = sourceWith([broken(5_000)]);
    const blob = source.add({ account: 'east', container: 'c', name: 'b' }, bytes, { md5: 'AAAAAAAAAAAAAAAAAAAAAA==' });
    const failure = { failureClass: 'SourceMd5Mismatch', blob: 'east/c/b' };
    await expect(fetchBlob(readingSource(source), blob, never)).rejects.toMatchObject(failure);
  });

  it('makes no more requests for a blob that is read at once than for one that is streamed', async () => {
    const { source, blob } = sourceWith(Array<MemorySourceFault>(100).fill(broken(0)));
    const fetching = fetchBlob(readingSource(source), blob, never);
    await expect(fetching).rejects.toMatchObject({ failureClass: 'SourceNetwork' });
    expect(source.requests.count('open')).toBe(requestPatience.retries + 1);
  });

  it('returns an empty blob as no bytes', async () => {
    const source = new MemoryBlobSource();
    const blob = source.add({ account: 'east', container: 'c', name: 'a' }, '');
    expect(await fetchBlob(source, blob, never)).toHaveLength(0);
  });
});

describe('streamBlob', () => {
  it('fails when it breaks again and again without progress', async () => {
    const { source, blob } = sourceWith(Array<MemorySourceFault>(100).fill(broken(0), 1).fill(broken(700), 0, 1));
    await expect(joinAll(streamBlob(source, blob, never))).rejects.toMatchObject({ failureClass: 'SourceNetwork' });
    expect(source.requests.count('open')).toBe(requestPatience.retries + 1);
  });

  it('continues for as long as it makes progress', async () => {
    const { source, blob } = sourceWith(Array.from({ length: 50 }, () => broken(200)));
    expect(bytes.equals(await joinAll(streamBlob(source, blob, never)))).toBe(true);
  });

  it('gets to the end on a path that cuts every body before its end', async () => {
    const { source, blob } = sourceWith(Array<MemorySourceFault>(100).fill(broken(7_500)));
    expect(bytes.equals(await joinAll(streamBlob(source, blob, never)))).toBe(true);
    expect(source.requests.count('open')).toBe(2);
  });

  it('checks the stored MD5 over all pieces of a body that was resumed', async () => {
    const { source } = sourceWith([broken(5_000)]);
    const blob = source.add({ account: 'east', container: 'c', name: 'b' }, bytes, { md5: 'AAAAAAAAAAAAAAAAAAAAAA==' });
    const failure = { failureClass: 'SourceMd5Mismatch', blob: 'east/c/b' };
    await expect(joinAll(streamBlob(source, blob, never))).rejects.toMatchObject(failure);
  });

  it('does not open a blob again that was replaced', async () => {
    const { source, blob } = sourceWith([broken(500)]);
    const stream = streamBlob(source, blob, never);
    await stream.next();
    source.add(blob, bytes);
    await expect(joinAll(stream)).rejects.toMatchObject({ failureClass: 'SourceChanged' });
  });

  it('ends its request when the reader ends', async () => {
    const { source, blob } = sourceWith([]);
    let closed = false;
    source.open = async function* () {
      try {
        yield Buffer.alloc(1);
        yield Buffer.alloc(1);
      } finally {
        closed = true;
      }
    };
    const stream = streamBlob(source, blob, never);
    await stream.next();
    await stream.return(undefined);
    expect(closed).toBe(true);
  });
});
