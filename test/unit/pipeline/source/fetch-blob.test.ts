import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import { fetchBlob, streamBlob } from '../../../../src/pipeline/source/fetch-blob.js';
import { requestPatience } from '../../../../src/flow/try-again.js';
import { joinAll, noise } from '../../../support/fakes/async-bytes.js';
import { MemoryBlobSource, type MemorySourceFault } from '../../../support/fakes/memory-blob-source.js';
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

describe('fetchBlob', () => {
  it('reads a broken body again from its start', async () => {
    const { source, blob } = sourceWith([broken(0), broken(5_000), broken(9_999)]);
    expect(bytes.equals(await fetchBlob(source, blob, never))).toBe(true);
  });

  it('gives an empty blob as no bytes', async () => {
    const source = new MemoryBlobSource();
    const blob = source.add({ account: 'east', container: 'c', name: 'a' }, '');
    expect(await fetchBlob(source, blob, never)).toHaveLength(0);
  });
});

describe('streamBlob', () => {
  it('fails when it breaks again and again without getting on', async () => {
    const { source, blob } = sourceWith(Array<MemorySourceFault>(100).fill(broken(700)));
    await expect(joinAll(streamBlob(source, blob, never))).rejects.toMatchObject({ failureClass: 'SourceNetwork' });
    expect(source.requests.count('open')).toBe(requestPatience.retries + 1);
  });

  it('goes on for as long as it gets on', async () => {
    const { source, blob } = sourceWith(Array.from({ length: 50 }, (_, turn) => broken((turn + 1) * 150)));
    expect(bytes.equals(await joinAll(streamBlob(source, blob, never)))).toBe(true);
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
