import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/domain/failure.js';
import { settled } from '../../../src/flow/settled.js';
import { accountLabelsMax, BoundedLabel } from '../../../src/telemetry/metrics/bounded-label.js';
import { countedSource, countedTarget } from '../../../src/telemetry/metrics/counted-stores.js';
import { createMetrics } from '../../../src/telemetry/metrics/meter.js';
import { RequestCounts } from '../../../src/telemetry/metrics/request-counts.js';
import { MemoryBlobSource } from '../../support/fakes/memory-blob-source.js';
import { MemoryObjectTarget } from '../../support/fakes/memory-object-target.js';
import { RecordingMeter } from '../../support/fakes/recording-meter.js';

const { signal } = new AbortController();

describe('requests', () => {
  it('are counted by store, account and kind, and reported once', async () => {
    const { counts, tell, values } = counted();
    const source = countedSource(new MemoryBlobSource(), counts);
    await settled(source.listPage({ account: 'east', container: 'c', prefix: '' }, {}, signal));
    await settled(source.head({ account: 'east', container: 'c', name: 'a' }, signal));
    await countedTarget(new MemoryObjectTarget(), counts).head('a', signal);
    tell();
    tell();

    expect(values).toMatchObject({
      'longhaul_requests account=east request=list store=source': 1,
      'longhaul_requests account=east request=head store=source': 1,
      'longhaul_requests request=head store=target': 1,
      'longhaul_requests_in_flight account=east store=source': 0,
    });
  });

  it('that fail are counted by class, but not those that were aborted', async () => {
    const { counts, tell, values } = counted();
    const aborted = new AbortController();
    const request = { store: 'control', request: 'get', signal } as const;
    const refused = Promise.reject<unknown>(new Failure('TargetAuth', 'refused'));
    await expect(counts.request(refused, request)).rejects.toThrow('refused');
    aborted.abort();
    const ended = Promise.reject<unknown>(new Error('aborted'));
    await expect(counts.request(ended, { ...request, signal: aborted.signal })).rejects.toThrow('aborted');
    await counts.request(Promise.resolve('lost'), request, () => new Failure('TargetUnknownOutcome', 'lost'));
    tell();

    expect(values).toMatchObject({
      'longhaul_request_failures class=TargetAuth store=control': 1,
      'longhaul_request_failures class=TargetUnknownOutcome store=control': 1,
      'longhaul_requests request=get store=control': 3,
    });
    expect(Object.keys(values).filter((key) => key.includes('Unexpected'))).toEqual([]);
  });

  it('for a body end with its first byte, or with its failure', async () => {
    const { counts, tell, values } = counted();
    const body = counts.body(bytes(), { store: 'source', account: 'east', request: 'get', signal });
    await body.next();
    tell();
    expect(values).toMatchObject({
      'longhaul_requests account=east request=get store=source': 1,
      'longhaul_requests_in_flight account=east store=source': 0,
    });
    await expect(body.next()).rejects.toThrow('reset');
    tell();
    expect(values).toMatchObject({
      'longhaul_requests account=east request=get store=source': 1,
      'longhaul_request_failures account=east class=SourceNetwork store=source': 1,
    });
  });

  it('to more accounts than have a label of their own share one', async () => {
    const { counts, tell, values } = counted();
    for (let account = 0; account < accountLabelsMax + 5; account += 1) {
      const request = { store: 'source', account: `a${String(account)}`, request: 'get', signal } as const;
      await counts.request(Promise.resolve(), request);
    }
    tell();

    expect(values['longhaul_requests account=other request=get store=source']).toBe(5);
    const accounts = Object.keys(values).filter((key) => key.startsWith('longhaul_requests account='));
    expect(accounts).toHaveLength(accountLabelsMax + 1);
  });
});

function counted() {
  const meter = new RecordingMeter();
  const metrics = createMetrics(meter);
  const counts = new RequestCounts(new BoundedLabel(accountLabelsMax));
  return { counts, values: meter.values, tell: () => counts.tell(metrics) };
}

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Uint8Array.of(1));
  throw new Failure('SourceNetwork', 'reset');
}
