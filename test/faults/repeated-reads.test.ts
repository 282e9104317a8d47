import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ProxiedRequest } from '../support/faults/fault-proxy.js';
import type { GeneratedMigration } from '../support/migrations/generated-migration.js';
import { repeatedReads } from '../support/faults/repeated-reads.js';
import type { RequestKind } from '../support/faults/request-kind.js';

const blob = {
  account: 'east',
  container: 'events-2019-07-set',
  name: 'bd/acme-1/2019/07/03/eu-00001.json.bz2',
} as const;
const unit = { index: 0, id: 'acme-1/2019-07', key: 'units/acme-1/2019-07.json.gz', wantedBlobNames: [blob] };
const migration = { bucket: 'bucket', dataName: 'set', expected: [unit] } as unknown as GeneratedMigration;

const list = at('list blobs', '/prodeast/events-2019-07-set', { prefix: 'bd/acme-1/2019/07/03/eu-' });
const read = at('read blob', `/prodeast/${blob.container}/${blob.name}`);
const put = at('put object', `/bucket/${unit.key}`);
const claim = (token: string) =>
  at('claim ledger', '/bucket/.longhaul/set/r0000/ledger/p0000/s0000.ndjson.gz', {}, token);

describe('the count of repeated reads', () => {
  it('finds a read of a finished unit by an attempt that listed it later', () => {
    const found = repeatedReads(
      migration,
      [claim('a')(1), list(2), read(3), put(4), claim('b')(6), list(7), read(8)],
      [5],
    );
    expect(found).toMatchObject([{ unit: 'acme-1/2019-07', readMs: 8 }]);
  });

  it('finds one after a listing that several units share', () => {
    const shared = at('list blobs', '/prodeast/events-2019-07-set', { prefix: 'bd/acme-' });
    const other = at('list blobs', '/prodeast/events-2019-07-set', { prefix: 'bd/birch-' });
    const requests = [claim('a')(1), list(2), read(3), put(4), claim('b')(6), shared(7), read(8)];
    expect(repeatedReads(migration, requests, [5])).toMatchObject([{ readMs: 8 }]);
    expect(repeatedReads(migration, [...requests.slice(0, 5), other(7), read(8)], [5])).toEqual([]);
  });

  it('finds nothing where the unit is only listed again', () => {
    expect(repeatedReads(migration, [claim('a')(1), list(2), read(3), put(4), claim('b')(6), list(7)], [5])).toEqual(
      [],
    );
  });

  it('finds nothing where an attempt that died had read it before it was finished', () => {
    const requests = [claim('a')(1), list(2), read(3), claim('b')(5), list(6), read(7), put(8)];
    expect(repeatedReads(migration, requests, [4])).toEqual([]);
  });

  it('ignores a zombie whose slice another attempt claimed before the unit was finished', () => {
    const requests = [claim('a')(1), claim('b')(2), list(3), read(4), put(5), list(6), read(7)];
    expect(repeatedReads(migration, requests, [])).toEqual([]);
    expect(repeatedReads(migration, requests, [1.5])).toHaveLength(1);
  });
});

function at(
  kind: RequestKind,
  path: string,
  query: Record<string, string> = {},
  token = '',
): (ms: number) => ProxiedRequest {
  const lines = [
    { type: 'header', firstUnit: 0, units: 1 },
    { type: 'claim', token },
  ];
  return (arrivedMs) => ({
    ...{ kind, method: '', path, query: new URLSearchParams(query), headers: {}, arrivedMs, repliedMs: arrivedMs },
    ...{ status: 200, fault: undefined, body: gzipSync(lines.map((line) => JSON.stringify(line)).join('\n')) },
  });
}
